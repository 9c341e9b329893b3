"""Names of people: titles taken out, particles kept with the family name, suffixes dropped."""

TITLES = (
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "reverend", "sir", "dame", "lord", "lady", "hon",
    "capt", "captain", "col", "colonel", "maj", "major", "lt", "sgt", "herr", "frau", "dipl-ing", "mme", "mlle",
    "monsieur", "madame", "mademoiselle", "maître", "sra", "srta", "señor", "señora", "sig", "sig.ra", "signor",
    "signora", "dott", "dhr", "mevr", "mevrouw",
)  # fmt: skip
"""Not `don`, `master` or `fr`: they are first names and initials more often than titles. `m` stands apart: it is
Monsieur before a point in French-speaking countries, and an initial everywhere else."""

FRENCH_SPEAKING = ("FR", "BE", "CH", "LU", "MC", "CA")

PARTICLES = (
    "van", "von", "vom", "zu", "zum", "zur", "der", "den", "de", "del", "della", "dello", "degli", "di", "da", "dal",
    "das",
    "dos", "do", "du", "des", "la", "le", "las", "los", "ter", "ten", "te", "'t", "op", "af", "av", "bin", "bint",
    "ibn", "abu", "al", "el", "san", "santa", "mac", "saint", "st",
)  # fmt: skip

SUFFIXES = ("jr", "jnr", "junior", "sr", "snr", "senior", "ii", "iii", "iv", "esq", "phd", "md", "mba", "obe", "mbe")


def _text(pattern: str) -> str:
    """A regular expression as an SQL text."""
    return "'" + pattern.replace("'", "''") + "'"


_TITLE = rf"(?:{'|'.join(TITLES)})(?:\.\s*|\s+)"
_PARTICLE = rf"(?:{'|'.join(PARTICLES)})\s+"
_SUFFIX = rf"(?:,\s*|\s+)(?:{'|'.join(SUFFIXES)})\.?"

_TITLES_FIRST = _text(rf"^((?:{_TITLE})+)")
_SUFFIXES_LAST = _text(rf"(?:{_SUFFIX})+$")
_ONLY_FAMILY = _text(rf"(?:{_PARTICLE}){{2,}}\S+")
_FAMILY_LAST = _text(rf"\s((?:{_PARTICLE})*\S+)$")

MACROS = rf"""
create or replace temp macro name_text(x) as lower(folded(translate(said(x), '’`´"', '''''''')));
create or replace temp macro name_plain(x) as nullif(trim(regexp_replace(x, '[\s.,;]+', ' ', 'g')), '');

create or replace temp macro title_in(x, french) as
    case when french and regexp_matches(x, '^m\.\s*\S') then 'm'
         else regexp_extract(x || ' ', {_TITLES_FIRST}, 1) end;
create or replace temp macro behind_title(x, french) as trim(substr(x || ' ',
    case when french and regexp_matches(x, '^m\.\s*\S') then 3
         else length(regexp_extract(x || ' ', {_TITLES_FIRST}, 1)) + 1 end));

create or replace temp macro without_suffix(x) as
    regexp_replace(x, {_SUFFIXES_LAST}, '');
create or replace temp macro comma_form(x) as
    contains(without_suffix(x), ',') and regexp_full_match(without_suffix(x), '[^,]*\S[^,]*,[^,]*\S[^,]*');

create or replace temp macro family_name(x) as
    case when regexp_full_match(x, {_ONLY_FAMILY}) then x
         else nullif(regexp_extract(x, {_FAMILY_LAST}, 1), '') end;
create or replace temp macro given_name(x) as
    nullif(trim(x[: length(x) - coalesce(length(family_name(x)), 0)]), '');

create or replace temp macro name_letters(x) as
    regexp_replace(strip_accents(replace(replace(replace(replace(replace(x,
        'ß', 'ss'), 'æ', 'ae'), 'ø', 'o'), 'œ', 'oe'), 'ł', 'l')), '[^\p{{L}}\p{{N}}]', '', 'g');
"""
"""given_name and family_name split a full name that carries neither title nor suffix: `ludwig van beethoven` into
`ludwig` and `van beethoven`, `van morrison` into `van` and `morrison`, `van der berg` into null and itself.
"""


def split_names(table: str, french: bool) -> str:
    """A query that adds title, first_name, last_name and name_key to a table with the four raw name columns.

    Stages rather than one expression: each looks at what the one before left over.
    """
    is_french = "true" if french else "false"
    return f"""
        with texts as (
            select *, name_text(title_raw) as t, name_text(first_name_raw) as f, name_text(last_name_raw) as l,
                   name_text(full_name_raw) as n
            from {table}),
        comma as (
            select * replace (case when comma_form(n) then trim(split_part(without_suffix(n), ',', 2)) else n end as n),
                   case when comma_form(n) then trim(split_part(n, ',', 1)) end as family
            from texts),
        titles as (
            select * replace (behind_title(f, {is_french}) as f, behind_title(n, {is_french}) as n,
                              case when f is null then behind_title(l, {is_french}) else l end as l),
                   coalesce(nullif(title_in(f, {is_french}), ''), nullif(title_in(n, {is_french}), ''),
                            case when f is null then nullif(title_in(l, {is_french}), '') end) as found
            from comma),
        parts as (
            select * replace (name_plain(f) as f, name_plain(without_suffix(l)) as l,
                              name_plain(without_suffix(n)) as n, name_plain(family) as family)
            from titles),
        split as (
            select *,
                   case when family is not null then n
                        when found is not null and not contains(n, ' ') then null else given_name(n) end as given,
                   case when family is not null then family
                        when found is not null and not contains(n, ' ') then n else family_name(n) end as surname
            from parts)
        select * exclude (t, f, l, n, family, found, given, surname),
               coalesce(name_plain(t), name_plain(found)) as title,
               coalesce(f, given) as first_name,
               coalesce(l, surname) as last_name,
               nullif(name_letters(coalesce(f, given)) || name_letters(coalesce(l, surname)), '') as name_key
        from split"""
