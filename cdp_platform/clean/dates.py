"""Dates and times of several notations, in UTC."""

DATE_FORMATS = (
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%m/%d/%Y",
)
"""Tried in this order after ISO: the American order counts only where the day cannot be a month."""

TIME_FORMATS = tuple(f"{date} {time}" for date in DATE_FORMATS for time in ("%H:%M:%S", "%H:%M"))


def _listed(formats: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{one}'" for one in formats) + "]"


MACROS = rf"""
create or replace temp macro date_of(x) as
    case when regexp_full_match(trimmed(x), '[0-9]+')
         then case when length(trimmed(x)) = 8 then try_strptime(trimmed(x), '%Y%m%d')::date end
         else coalesce(try_cast(trimmed(x) as date),
                       try_strptime(trimmed(x), {_listed(DATE_FORMATS + TIME_FORMATS)})::date) end;

create or replace temp macro plausible_moment(x) as
    case when x >= timestamp '1971-01-01' and x < timestamp '2100-01-01' then x end;

create or replace temp macro moment_of(x) as plausible_moment(
    case when regexp_full_match(x, '[0-9]{{10}}') then make_timestamp(x::bigint * 1000000)
         when regexp_full_match(x, '[0-9]{{13}}') then make_timestamp(x::bigint * 1000)
         when regexp_full_match(x, '[0-9]+') then date_of(x)::timestamp
         else coalesce(try_cast(trimmed(x) as timestamptz) at time zone 'UTC',
                       try_strptime(trimmed(x), {_listed(TIME_FORMATS)}), date_of(x)::timestamp) end);

create or replace temp macro birth_problem(born, newest) as
    case when born is null then 'not a date'
         when year(born) between 0 and 99 then 'year has two digits'
         when born in (date '1899-12-30', date '1899-12-31', date '1900-01-01', date '1901-01-01') then 'placeholder'
         when born < date '1900-01-01' then 'before 1900'
         when born > coalesce(newest::date, date '2100-01-01') then 'in the future' end;
"""
"""A text with an offset must go through timestamptz: DuckDB's cast to plain timestamp drops the offset without a word.
Eight digits are read by length, since its `%Y%m%d` also takes seven. 1970-01-01 is no placeholder for a birth date:
where only the year is known, systems write its first day.
"""
