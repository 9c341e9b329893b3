"""Values that cannot identify anyone: made up to fill a field, or shared by a crowd."""

from duckdb import DuckDBPyConnection

NAMES_PER_VALUE = 8
"""So many different first names behind one mailbox or phone are no household."""

RECORDS_PER_VALUE = 40
"""Nor are more records than this, unless they all bear one name: a faithful customer may well open 41 tickets."""

PLACEHOLDER_DOMAINS = (
    "example.com", "example.org", "example.net", "example.co.uk", "test.com", "test.de", "test.co.uk", "test.org",
    "test.net", "domain.com", "mydomain.com", "yourdomain.com", "nomail.com", "noemail.com", "none.com", "asdf.com",
    "sample.com", "fake.com", "mailinator.com", "invalid.com", "xxx.com", "abc.com", "localhost.com",
)  # fmt: skip

PLACEHOLDER_USERS = (
    "asdf", "asdfg", "qwerty", "qwertz", "abc", "abcd", "abc123", "none", "noemail", "no-email", "no_email", "nomail",
    "no.email", "no-mail", "null", "na", "n.a", "notgiven", "unknown", "anonymous", "nobody", "noone", "example",
    "email", "mail", "user", "username", "yourname", "name", "guest", "123", "1234", "12345", "123456",
)  # fmt: skip

NO_REPLY = ("noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "do_not_reply", "mailer-daemon", "bounce")

ROLES = (
    "info", "sales", "admin", "administrator", "office", "contact", "contactus", "hello", "support", "help",
    "helpdesk", "service", "services", "customerservice", "customer.service", "customercare", "enquiries", "enquiry",
    "inquiries", "mailbox", "reception", "billing", "accounts", "accounting", "accountspayable", "finance", "invoice",
    "invoices", "orders", "order", "purchasing", "procurement", "shop", "store", "team", "staff", "hr", "jobs",
    "careers", "marketing", "press", "media", "pr", "webmaster", "postmaster", "hostmaster", "root", "abuse",
    "security", "privacy", "legal", "kontakt", "buero", "vertrieb", "verkauf", "rechnung", "bestellung", "empfang",
    "contacto", "ventas", "contatti",
)  # fmt: skip

MACROS = rf"""
create or replace temp macro email_user_untagged(x) as split_part(email_user(x), '+', 1);
create or replace temp macro email_placeholder(x) as
    case when one_of(email_domain(x), '|{"|".join(PLACEHOLDER_DOMAINS)}|')
           or regexp_matches(email_domain(x), '\.(test|invalid|example|local|localhost|localdomain)$')
         then 'placeholder domain'
         when one_of(email_user_untagged(x), '|{"|".join(PLACEHOLDER_USERS)}|')
           or regexp_full_match(email_user_untagged(x), '(test|tester|testing|fake|dummy|sample|demo)[._-]?[0-9]*')
           or length(email_user(x)) <= 4 and email_user(x) = split_part(email_domain(x), '.', 1)
           or length(email_user(x)) >= 3 and replace(email_user(x), left(email_user(x), 1), '') = ''
         then 'placeholder'
         when one_of(email_user_untagged(x), '|{"|".join(NO_REPLY)}|') then 'nobody reads it'
         when one_of(email_user_untagged(x), '|{"|".join(ROLES)}|') then 'role mailbox' end;
"""


def find_junk(con: DuckDBPyConnection, people: str) -> None:
    """Make the temporary table junk(field, value, reason, records) out of the table `people`.

    By pattern first; by frequency then, over the mailbox, so that plus-tags do not hide a crowd.
    """
    con.execute(f"""
        create or replace temp table junk as
        with emails as (
            select 'email' as field, email as value, mailbox as identity, email_placeholder(email) as pattern,
                   first_name
            from {people} where email is not null),
        numbers as (
            select 'phone' as field, phone as value, phone as identity, phone_placeholder as pattern,
                   first_name
            from {people} where phone is not null),
        held as (from emails union all from numbers),
        crowds as (
            select field, identity, count(*) as records,
                   count(distinct nullif(left(name_letters(first_name), 3), '')) as names
            from held group by field, identity
            having names >= {NAMES_PER_VALUE} or (records > {RECORDS_PER_VALUE} and names <> 1))
        select h.field, h.value,
               coalesce(min(h.pattern),
                        case when min(c.names) >= {NAMES_PER_VALUE} then 'held by ' || min(c.names) || ' first names'
                             else 'held by ' || min(c.records) || ' records' end) as reason,
               count(*) as records
        from held h left join crowds c using (field, identity)
        where h.pattern is not null or c.identity is not null
        group by h.field, h.value""")
