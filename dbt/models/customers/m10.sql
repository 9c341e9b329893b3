select 10 as a
