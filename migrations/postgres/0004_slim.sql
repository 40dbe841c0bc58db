-- Page and timeline of a case are made from its events when somebody reads them. What the list
-- shows of the text stands beside the searched text, which never changes.
ALTER TABLE case_texts ADD COLUMN excerpt TEXT NOT NULL DEFAULT '';
UPDATE case_texts SET excerpt = coalesce(
    (SELECT substr(p.page::json ->> 'text', 1, 160) FROM case_pages p WHERE p.case_id = case_texts.case_id), '');
DROP TABLE case_pages;
DROP TABLE timeline;
-- Events of a few kilobytes stand in their row as they are: compressing each costs more than the
-- room is worth.
ALTER TABLE events SET (toast_tuple_target = 8160);
