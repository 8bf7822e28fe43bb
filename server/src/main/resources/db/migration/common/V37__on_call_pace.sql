-- When who is on call by a calendar changed last, and when somebody came on call last: a group's time goes forwards only.
ALTER TABLE on_call_calendar ADD COLUMN changed_at BIGINT;
ALTER TABLE on_call_calendar ADD COLUMN joined_at BIGINT;
-- Shifts that are long over are not read with each vote.
CREATE INDEX on_call_shift_until ON on_call_shift (group_name, person, until);
