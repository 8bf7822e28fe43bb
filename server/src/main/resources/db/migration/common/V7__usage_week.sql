-- When in the week a client had its tokens: 168 counts with spaces between them, from Monday 00:00 UTC on. Only where
-- resource and scope are empty, and not while uses is 0.
ALTER TABLE usage_profile ADD COLUMN week TEXT;
