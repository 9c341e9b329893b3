select 6 as a
