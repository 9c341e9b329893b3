"""What cleaning did to each field of the records."""

from collections.abc import Sequence

from cdp_platform.clean.reading import Refusal

FIELDS = {
    "first_name": ("coalesce(first_name_raw, full_name_raw)", "first_name"),
    "last_name": ("coalesce(last_name_raw, full_name_raw)", "last_name"),
    "email": ("email_raw", "email"),
    "phone": ("phone_raw", "phone"),
    "birth_date": ("birth_date_raw", "birth_date::varchar"),
    "gender": ("gender_raw", "gender"),
    "address": ("address_raw", "address"),
    "city": ("city_raw", "city"),
    "postcode": ("postcode_raw", "postcode"),
    "country": ("country_raw", "country"),
}
"""Field to the raw and the clean value, as SQL over people_clean."""


def field_report(refusals: Sequence[Refusal]) -> str:
    """A query with the columns of clean.field_report. Records known by a reference alone carry no values to report."""
    reasons = {refusal.field: refusal.reason for refusal in refusals}
    parts = [
        f"""
        select p.source, '{field}' as field, count(*) as records, count({raw}) as filled,
               count(*) filter ({raw} <> {clean}) as changed, count(j.value) as junk,
               count(*) filter ({raw} is not null and {reasons.get(field, "null")} is not null) as rejected
        from people_clean p left join junk j on j.field = '{field}' and j.value = {clean}
        where p.origin <> 'reference' group by p.source"""
        for field, (raw, clean) in FIELDS.items()
    ]
    return " union all ".join(parts)
