"""Consents, as they were said. Whatever is not clearly a yes is a no.

One raw row may say several things (granted then, withdrawn later), so a row is read into a list of sayings first.
"""

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from cdp_platform.clean import contract, reading, schema
from cdp_platform.clean.phone import read_phones
from cdp_platform.clean.raw_table import RawTable, literal, raw_table
from cdp_platform.clean.reading import Refusal
from cdp_platform.clean.record_keys import record_key
from cdp_platform.sources.config import Source
from cdp_platform.sources.meanings import Consent

PROBLEM = """
    case when purpose is null then 'no purpose'
         when email is null and phone is null and record_key is null then 'of nobody: no address, phone or record'
         when len(sayings) = 0 then 'neither granted nor withdrawn at a time that can be read'
         when sayings[1].said_at is null and newest is null then 'time is missing or not understood' end"""
"""A grant without a readable time is no grant. A refusal without one counts as said at the newest time that its source
holds: dropped, it would leave an older grant standing."""

REFUSALS = (
    Refusal("email", "email_raw", "case when said(email_raw) is not null and email is null then 'not an address' end"),
    Refusal(
        "phone", "phone_raw", "case when said(phone_raw) is not null and phone is null then 'not a possible number' end"
    ),
    Refusal("changed_at", "unread_time", "'not a time: counted as said at the newest time of the source'"),
)

SAID = {
    "source": "varchar", "row": "bigint", "consent_key": "varchar", "purpose": "varchar", "status": "varchar",
    "changed_at": "timestamp", "channel": "varchar", "email": "varchar", "phone": "varchar", "record_key": "varchar",
}  # fmt: skip


def read_consents(con: DuckDBPyConnection, sources: Sequence[Source], home_country: str) -> list[RawTable]:
    """Make the temporary table consents_said: each thing said once."""
    found = [
        (raw_table(con, source), source, source.means.consent) for source in sources if source.means.consent is not None
    ]
    if not found:
        con.execute(f"create or replace temp table consents_said as {schema.empty(SAID)}")
        reading.count_rows(con, "consents", [], None)
        reading.keep_rejected(con, "consents", None)
        return []
    phones = " union all ".join(
        f"select {raw.as_read(consent.phone)} as phone_raw from {raw.name}" for raw, _, consent in found
    )
    read_phones(con, f"select phone_raw, '{home_country}' as region from ({phones})", "consent_phones")
    con.execute("""
        create or replace temp macro consent_phone(x) as
            (select p.phone from consent_phones p where p.phone_raw = x)""")
    readings = [(raw, _columns(raw, source, consent)) for raw, source, consent in found]
    con.execute(f"""
        create or replace temp table consents_told as
        select *, row_number() over (order by source, row_hash) as row
        from ({reading.rows_query(readings, PROBLEM)})""")
    con.execute("""
        create or replace temp table consents_said as
        with single as (
            select source, row, row_hash, purpose, channel, email, phone, record_key, saying.status,
                   coalesce(saying.said_at, newest) as changed_at
            from (select *, unnest(sayings) as saying from consents_told where problem is null))
        select * exclude (row_hash),
               md5(concat_ws('|', source, coalesce(record_key, ''), coalesce(email, ''), coalesce(phone, ''), purpose,
                             changed_at::varchar, status)) as consent_key
        from single qualify row_number() over (partition by consent_key order by channel, row_hash, row) = 1""")
    con.execute("""
        create or replace temp table consents_read as
        select *, case when problem is not null then 'rejected'
                       when row in (select row from consents_said) then 'used' else 'repeated' end as state
        from consents_told""")
    reading.count_rows(con, "consents", [raw for raw, _ in readings], "consents_read")
    reading.keep_rejected(con, "consents", "consents_read", REFUSALS)
    return [raw for raw, _ in readings]


def make_consents(con: DuckDBPyConnection) -> None:
    """Make clean.consents once the junk values are known."""
    schema.create(con, contract.CONSENTS, """
        select s.*, case when j.value is null and email_placeholder(s.email) is null
                         then email_mailbox(s.email) end as email_key
        from consents_said s left join junk j on j.field = 'email' and j.value = s.email""")  # fmt: skip


def _columns(raw: RawTable, source: Source, consent: Consent) -> dict[str, str]:
    email, phone = raw.as_read(consent.email), raw.as_read(consent.phone)
    return {
        "purpose": f"lower({raw.text(consent.purpose)})",
        "email_raw": email,
        "email": f"email_address({email})",
        "phone_raw": phone,
        "phone": f"consent_phone({phone})",
        "record_key": record_key(raw, source.means, consent.customer),
        "channel": f"lower({raw.text(consent.channel)})",
        **(_status_form(raw, consent) if consent.status is not None else _times_form(raw, consent)),
    }


def _status_form(raw: RawTable, consent: Consent) -> dict[str, str]:
    """One saying: its word and its time."""
    changed_at, as_read = raw.moment(consent.changed_at), raw.text(consent.changed_at)
    words = literal("|" + "|".join(word.lower() for word in consent.granted) + "|")
    granted = f"coalesce(one_of(lower({raw.text(consent.status)}), {words}), false)"
    return {
        "sayings": f"""
            case when {granted} and {changed_at} is null then []
                 else [{{'status': if({granted}, 'granted', 'denied'), 'said_at': {changed_at}}}] end""",
        "unread_time": f"case when {changed_at} is null and not {granted} then {as_read} end",
        "newest": f"(select max({changed_at}) from {raw.name})",
    }


def _times_form(raw: RawTable, consent: Consent) -> dict[str, str]:
    """Up to two sayings. Withdrawn in the moment of granting, or at a time nobody can read, is withdrawn."""
    granted_at, withdrawn_at = raw.moment(consent.granted_at), raw.moment(consent.withdrawn_at)
    withdrawn = raw.text(consent.withdrawn_at)
    return {
        "sayings": f"""
            list_filter([
                {{'status': case when {withdrawn} is not null then 'denied' end, 'said_at': {withdrawn_at}}},
                {{'status': case when {granted_at} is not null and {granted_at} is distinct from {withdrawn_at}
                                 then 'granted' end, 'said_at': {granted_at}}}],
                lambda saying: saying.status is not null)""",
        "unread_time": f"case when {withdrawn_at} is null then {withdrawn} end",
        "newest": f"(select greatest(max({granted_at}), max({withdrawn_at})) from {raw.name})",
    }
