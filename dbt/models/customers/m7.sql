select 7 as a
