"""E-mail addresses: one spelling, the mailbox behind it, and what a mistyped domain probably meant."""

GMAIL = ("gmail.com", "googlemail.com")
PLUS_TAGS = (
    "gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "outlook.de", "outlook.es", "outlook.it",
    "hotmail.com", "hotmail.co.uk", "hotmail.fr", "hotmail.de", "hotmail.it", "hotmail.es", "live.com", "live.co.uk",
    "live.fr", "live.de", "live.nl", "msn.com", "icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com",
    "protonmail.ch", "pm.me", "fastmail.com", "fastmail.fm", "zoho.com", "hey.com",
)  # fmt: skip
"""Providers that deliver `name+anything` to `name`. Yahoo uses a dash, which is also a common character: left alone."""

WELL_KNOWN = (
    *PLUS_TAGS, "yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "yahoo.it", "yahoo.es", "yahoo.ca", "yahoo.ie",
    "yahoo.co.in", "yahoo.com.br", "yahoo.com.au", "yahoo.com.ar", "yahoo.com.mx", "yahoo.com.hk", "yahoo.co.jp",
    "ymail.com", "rocketmail.com", "aol.com", "aol.co.uk", "aim.com", "mail.com", "email.com", "gmx.com", "gmx.net",
    "gmx.de", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "arcor.de", "btinternet.com",
    "btopenworld.com", "sky.com", "talktalk.net", "virginmedia.com", "ntlworld.com", "blueyonder.co.uk",
    "tiscali.co.uk", "orange.fr", "orange.net", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "neuf.fr",
    "libero.it", "virgilio.it", "tin.it", "alice.it", "hotmail.be", "hotmail.nl", "hotmail.se", "hotmail.ca",
    "hotmail.com.br", "live.ca", "live.se", "live.it", "live.be", "live.com.au", "outlook.com.br", "outlook.pt",
    "outlook.ie", "telenet.be", "skynet.be", "ziggo.nl", "kpnmail.nl", "bluewin.ch", "telia.com", "comcast.net",
    "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net", "rogers.com", "shaw.ca",
    "bigpond.com", "optusnet.com.au", "qq.com", "163.com", "126.com", "naver.com", "yandex.ru", "yandex.com",
    "mail.ru", "rambler.ru", "wp.pl", "onet.pl", "interia.pl", "seznam.cz", "uol.com.br", "bol.com.br", "terra.com.br",
    "rediffmail.com",
)  # fmt: skip

RARE_SHARE = 0.02
RARE_COUNT = 3
"""A domain is a typo only if it is rare beside the one meant: some `ymail.com` of tomorrow would be everywhere."""

SHORTEST_MEANT = 8
"""Shorter domains (`me.com`, `aol.com`) lie one letter from too many real ones."""


MACROS = rf"""
create or replace temp macro email_in_brackets(x) as
    case when contains(x, '<') then coalesce(nullif(regexp_extract(x, '<([^<>]+@[^<>]+)>', 1), ''), x) else x end;
create or replace temp macro email_text(x) as
    regexp_replace(rtrim(ltrim(lower(trimmed(nfc_normalize(email_in_brackets(x)))), '<''"('), '>''",;.)'),
                   '^mailto:|\s*(@)\s*', '\1', 'g');
create or replace temp macro email_checked(x) as
    case when length(x) <= 254 and strpos(x, '@') between 2 and 65 and not contains(x, '..')
          and regexp_full_match(x, '[\p{{L}}\p{{N}}!#$%&''*+/=?^_`{{|}}~-][\p{{L}}\p{{N}}.!#$%&''*+/=?^_`{{|}}~-]*@'
                                   '([\p{{L}}\p{{N}}]([\p{{L}}\p{{N}}-]*[\p{{L}}\p{{N}}])?\.)+\p{{L}}[\p{{L}}\p{{N}}-]*\p{{L}}')
          and not contains(x, '.@') then x end;
create or replace temp macro email_address(x) as email_checked(email_text(said(x)));

create or replace temp macro email_domain(x) as split_part(x, '@', 2);
create or replace temp macro email_user(x) as split_part(x, '@', 1);
create or replace temp macro email_mailbox(x) as
    case when one_of(email_domain(x), '|{"|".join(GMAIL)}|')
         then replace(split_part(email_user(x), '+', 1), '.', '') || '@gmail.com'
         when one_of(email_domain(x), '|{"|".join(PLUS_TAGS)}|')
         then split_part(email_user(x), '+', 1) || '@' || email_domain(x)
         else x end;
"""


def domain_hints(table: str) -> str:
    """A query (domain, meant): domains of `table.email` one slip away from a well-known one, and rare beside it.

    One slip is one letter missing, added, changed, or swapped with its neighbour. Nearest by use, then by name.
    """
    known = ", ".join(f"('{domain}')" for domain in dict.fromkeys(WELL_KNOWN))
    return f"""
        with domains as (
            select email_domain(email) as domain, count(*) as records from {table} where email is not null group by 1),
        known(domain) as (values {known}),
        used as (select k.domain, coalesce(d.records, 0) as records from known k left join domains d using (domain))
        select d.domain, u.domain as meant
        from domains d join used u on length(u.domain) >= {SHORTEST_MEANT}
            and abs(length(u.domain) - length(d.domain)) <= 1
            and damerau_levenshtein(d.domain, u.domain) = 1
        where d.domain not in (select domain from known)
          and d.records <= greatest({RARE_COUNT}, {RARE_SHARE} * u.records)
        qualify row_number() over (partition by d.domain order by u.records desc, u.domain) = 1"""
