-- What is disclosed beside an entry is packed from here on, and stands in its row in another form. Programs that know only
-- the form before cannot read it: all nodes stop before the first of this version starts.
UPDATE schema_compatible SET oldest = 15;
