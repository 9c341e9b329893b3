"""Numbers and currencies."""

LARGEST = 10**11
"""A thirteen-digit barcode typed as a quantity is no order; two of them would also overflow a sum of decimal(18,4)."""

MACROS = r"""
create or replace temp macro number_signs(x) as
    regexp_replace(regexp_replace(trimmed(x), '[\s\x{a0}£$€¥'']|[A-Za-z]{3}$|^[A-Za-z]{3}', '', 'g'),
                   '^\((.*)\)$|^(.*)-$', '-\1\2');
create or replace temp macro number_point(x) as
    case when regexp_full_match(x, '[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+') then replace(replace(x, '.', ''), ',', '.')
         when regexp_full_match(x, '[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?') then replace(x, ',', '')
         when regexp_full_match(x, '[+-]?[0-9]+,[0-9]+') then replace(x, ',', '.')
         else x end;
create or replace temp macro number_of(x) as
    coalesce(try_cast(x as decimal(18,4)), try_cast(number_point(number_signs(x)) as decimal(18,4)));

create or replace temp macro plausible_amount(x) as case when abs(x) < {LARGEST} then x end;
create or replace temp macro line_amount(quantity, price) as
    plausible_amount(try_cast(quantity::decimal(20,4) * price as decimal(18,4)));

create or replace temp macro currency_code(x) as
    case trimmed(x) when '£' then 'GBP' when '€' then 'EUR' when '$' then 'USD' when '¥' then 'JPY'
         else nullif(regexp_extract(upper(trimmed(x)), '^[A-Z]{3}$'), '') end;
""".replace("{LARGEST}", str(LARGEST))
"""`1,234.56` and `1.234,56` are both read; a lone comma with three digits behind it separates thousands (`1,234`), a
lone point is decimal (`1.234`). `(12.50)` and `12.50-` are negative.

line_amount widens one side first: decimal(18,4) times decimal(18,4) is computed in 64 bits and raises above ten
billion.
"""
