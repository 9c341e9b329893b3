"""Person records: every value in one spelling, the raw one beside it."""

from collections.abc import Mapping
from typing import Any

from duckdb import DuckDBPyConnection

from cdp_platform.clean import consents, contract, junk, macros, people, reading, schema
from cdp_platform.clean.email import domain_hints
from cdp_platform.clean.field_report import FIELDS, field_report
from cdp_platform.clean.name import FRENCH_SPEAKING, split_names
from cdp_platform.clean.phone import read_phones
from cdp_platform.clean.reading import Refusal
from cdp_platform.company import Settings
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes

REFUSALS = (
    Refusal("email", "email_raw", "case when said(email_raw) is not null and email is null then 'not an address' end"),
    Refusal(
        "phone", "phone_raw",
        "case when said(phone_raw) is not null and phone is null "
        "then coalesce(phone_placeholder, 'not a possible number') end",
    ),
    Refusal("birth_date", "birth_date_raw", "birth_date_problem"),
    Refusal(
        "gender", "gender_raw",
        "case when gender is null and not one_of(lower(folded(said(gender_raw))), '|u|unspecified|not specified|"
        "prefer not to say|not known|') then 'not a known word' end",
    ),
    Refusal(
        "postcode", "postcode_raw",
        "case when said(postcode_raw) is not null and postcode is null then 'does not look like a postcode' end",
    ),
    Refusal(
        "country", "country_raw",
        "case when country is null and not is_no_country(country_raw) then 'not a known country' end",
    ),
    Refusal(
        "created_at", "created_at_raw",
        "case when said(created_at_raw) is not null and made_at is null then 'not a time' end",
    ),
    Refusal(
        "updated_at", "updated_at_raw",
        "case when said(updated_at_raw) is not null and changed_at is null then 'not a time' end",
    ),
)  # fmt: skip

FEMALE = (
    "f",
    "female",
    "w",
    "woman",
    "girl",
    "weiblich",
    "frau",
    "femme",
    "féminin",
    "mujer",
    "femenino",
    "vrouw",
    "v",
)
MALE = ("m", "male", "man", "boy", "männlich", "mann", "homme", "masculin", "hombre", "masculino", "h")
OTHER = ("o", "other", "x", "d", "divers", "diverse", "non-binary", "nonbinary")

GENDER = f"""
    case when one_of(lower(folded(said(gender_raw))), '|{"|".join(FEMALE)}|') then 'female'
         when one_of(lower(folded(said(gender_raw))), '|{"|".join(MALE)}|') then 'male'
         when one_of(lower(folded(said(gender_raw))), '|{"|".join(OTHER)}|') then 'other' end"""


def make(step: Step) -> Mapping[str, Notes]:
    """Make clean.records, clean.consents, clean.junk_values and clean.field_report.

    Consents are made here because each needs the other: a consent may make a record known, and junk, found over the
    records, takes the mailbox from a consent.
    """
    con, sources = step.con, step.company.sources.sources
    macros.install(con)
    con.execute(junk.MACROS)
    tables = people.read_people(con, sources)
    said = consents.read_consents(con, sources, step.company.settings.country)
    pointing = [
        f"select record_key from {table}"
        for table in ("clean.orders", "clean.tickets", "clean.events", "consents_said")
    ]
    people.add_references(con, sources, pointing)
    numbers = _standardise(con, step.company.settings)
    junk.find_junk(con, "people_clean")
    schema.create(con, contract.RECORDS, RECORDS)
    schema.create(con, contract.JUNK_VALUES, "from junk")
    consents.make_consents(con)
    read = "records_read" if tables else None
    reading.count_rows(con, "records", tables, read)
    reading.keep_rejected(con, "records", read, REFUSALS, "people_clean")
    schema.create(con, contract.FIELD_REPORT, field_report(REFUSALS))
    records: dict[str, Any] = {"distinct phones read": numbers, "fields": _field_table(con)}
    return {
        "clean.records": records | reading.absent_columns(tables),
        "clean.consents": reading.absent_columns(said),
    }


def _standardise(con: DuckDBPyConnection, settings: Settings) -> int:
    """Make the temporary table people_clean; returns how many distinct phones were read.

    A birth date is in the future when it lies after the newest load, or after the fixed day of a closed data set.
    """
    home_country = settings.country
    today = f"timestamp '{settings.as_of}'" if settings.as_of else "null"
    con.execute(
        "create or replace temp table people_placed as select *, country_of(country_raw) as country from people"
    )
    numbers = read_phones(
        con, f"select phone_raw, coalesce(country, '{home_country}') as region from people_placed", "phones"
    )
    con.execute(f"""
        create or replace temp table people_clean as
        with named as ({split_names("people_placed", home_country in FRENCH_SPEAKING)}),
        addressed as (
            select n.*, email_address(n.email_raw) as email, p.phone, p.reason as phone_placeholder,
                   case when said(n.birth_date_raw) is not null
                        then birth_problem(n.born, (select least(max(newest), {today}) from people))
                        end as birth_date_problem
            from named n
            left join phones p
                on n.phone_raw = p.phone_raw and coalesce(n.country, '{home_country}') = p.region)
        select *, email_mailbox(email) as mailbox, case when birth_date_problem is null then born end as birth_date,
               {GENDER} as gender, place_text(address_raw) as address, place_text(city_raw) as city,
               postcode_of(postcode_raw, coalesce(country, '{home_country}')) as postcode
        from addressed""")
    con.execute(f"create or replace temp table hints as {domain_hints('people_clean')}")
    return numbers


RECORDS = """
    select r.* replace (coalesce(r.first_name_raw, r.full_name_raw) as first_name_raw,
                        coalesce(r.last_name_raw, r.full_name_raw) as last_name_raw),
           case when e.value is null then r.mailbox end as email_key,
           email_user(r.email) || '@' || h.meant as email_hint,
           case when n.value is null then r.phone end as phone_key,
           r.made_at as created_at, coalesce(r.changed_at, r.made_at) as updated_at
    from people_clean r
    left join junk e on e.field = 'email' and e.value = r.email
    left join junk n on n.field = 'phone' and n.value = r.phone
    left join hints h on h.domain = email_domain(r.email)"""


def _field_table(con: DuckDBPyConnection) -> str:
    """The field report as Markdown, summed over sources."""
    rows = con.execute("""
        select field, sum(filled)::bigint, sum(changed)::bigint, sum(junk)::bigint, sum(rejected)::bigint
        from clean.field_report group by field""").fetchall()
    order = list(FIELDS)
    lines = [f"| {' | '.join(map(str, row))} |" for row in sorted(rows, key=lambda row: order.index(row[0]))]
    return "\n".join(["| field | filled | changed | junk | rejected |", "| --- | --: | --: | --: | --: |", *lines])
