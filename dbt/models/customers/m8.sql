select 8 as a
