select 9 as a
