-- Page and timeline of a case are made from its events when somebody reads them. What the list
-- shows of the text stands beside the searched text, which never changes.
ALTER TABLE case_texts ADD COLUMN excerpt TEXT NOT NULL DEFAULT '';
DROP TRIGGER case_texts_changed;
UPDATE case_texts SET excerpt = coalesce(
    (SELECT substr(json_extract(p.page, '$.text'), 1, 160) FROM case_pages p WHERE p.case_id = case_texts.case_id), '');
CREATE TRIGGER case_texts_changed AFTER UPDATE OF folded ON case_texts
BEGIN
    INSERT INTO case_words (case_words, rowid, folded) VALUES ('delete', OLD.id, OLD.folded);
    INSERT INTO case_words (rowid, folded) VALUES (NEW.id, NEW.folded);
END;
DROP TABLE case_pages;
DROP TABLE timeline;
