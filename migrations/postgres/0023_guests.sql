-- Keys of what reporters of merged cases write in the case that goes on, wrapped: JSON, by the
-- stream of the case they reported. See docs/personal-data.md.
ALTER TABLE stream_keys ADD COLUMN guests TEXT;
