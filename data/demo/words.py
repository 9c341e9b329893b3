"""The words that people, places and products are made of. Invented combinations; nobody here is a real person."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN = _words(
    "Olivia Amelia Emily Sophie Jessica Charlotte Emma Hannah Lucy Chloe Grace Megan Rebecca Laura Sarah Rachel Amy "
    "Katherine Elizabeth Margaret Susan Patricia Christine Jennifer Victoria Alexandra Samantha Joanna Deborah Julie "
    "Helen Karen Jacqueline Nicola Claire Alison Fiona Heather Louise Michelle Natalie Danielle Abigail Isabelle "
    "Josephine Penelope Theresa Dorothy Barbara Pamela Sandra Judith Marion Ruth Esther Priya Aisha Fatima Anjali "
    "Meera Shabana Zainab Agnieszka Katarzyna Magdalena Siân Zoë Niamh Aoife Chioma Ngozi Mei Yuki Beatriz Inês"
)

MEN = _words(
    "Oliver George Harry Jack Jacob Charles Thomas James William Alexander Daniel Matthew Joseph Samuel Benjamin "
    "Edward Robert Michael David Christopher Andrew Stephen Anthony Peter Richard Jonathan Nicholas Timothy Gregory "
    "Kenneth Ronald Donald Douglas Frederick Albert Arthur Stanley Raymond Leonard Geoffrey Graham Keith Trevor Colin "
    "Simon Martin Philip Patrick Luke Adam Ryan Nathan Callum Rhys Gareth Huw Liam Sean Declan Mohammed Imran Rajesh "
    "Vikram Arjun Hassan Yusuf Piotr Łukasz Tomasz Kwame Chidi Wei Kenji João Jörg André"
)

NICKNAMES = {
    "Katherine": "Kate", "Elizabeth": "Liz", "Margaret": "Maggie", "Susan": "Sue", "Patricia": "Pat",
    "Christine": "Chris", "Jennifer": "Jenny", "Victoria": "Vicky", "Alexandra": "Alex", "Samantha": "Sam",
    "Joanna": "Jo", "Deborah": "Debbie", "Jacqueline": "Jackie", "Rebecca": "Becky", "Jessica": "Jess",
    "Abigail": "Abby", "Josephine": "Josie", "Penelope": "Penny", "Theresa": "Tess", "Dorothy": "Dot",
    "Pamela": "Pam", "Sandra": "Sandy", "Judith": "Judy", "Isabelle": "Izzy", "Charlotte": "Lottie",
    "Charles": "Charlie", "Thomas": "Tom", "James": "Jim", "William": "Bill", "Alexander": "Alex", "Daniel": "Dan",
    "Matthew": "Matt", "Joseph": "Joe", "Samuel": "Sam", "Benjamin": "Ben", "Edward": "Ted", "Robert": "Bob",
    "Michael": "Mike", "David": "Dave", "Christopher": "Chris", "Andrew": "Andy", "Stephen": "Steve",
    "Anthony": "Tony", "Peter": "Pete", "Richard": "Dick", "Jonathan": "Jon", "Nicholas": "Nick", "Timothy": "Tim",
    "Gregory": "Greg", "Kenneth": "Ken", "Ronald": "Ron", "Donald": "Don", "Frederick": "Fred", "Albert": "Bert",
    "Raymond": "Ray", "Leonard": "Len", "Geoffrey": "Geoff", "Philip": "Phil", "Patrick": "Paddy", "Nathan": "Nat",
}  # fmt: skip

COMMON_SURNAMES = _words(
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White "
    "Roberts Green Hall Thomas Clarke Jackson Wood Harris Edwards Turner Martin Cooper Hill Ward Hughes Moore Clark "
    "King Harrison Lewis Baker Lee Allen Morris Khan Scott Watson Davis Parker James Bennett Young Phillips "
    "Richardson Mitchell Bailey Carter Cook Singh Shaw Bell Collins Morgan Kelly Begum Miller Cox Hussain Marshall "
    "Simpson Price Anderson Adams Wilkinson Foster Ellis Murphy Chapman Mason Gray Ali Reid Campbell Stewart Ahmed "
    "Kowalski Nowak O'Brien O'Connor McDonald MacLeod Fernandes Müller Okafor Mensah Chen Tanaka"
)

RARE_SURNAMES = (
    "van der Berg", "de Souza", "von Hagen", "St John", "Smith-Jones", "Taylor-Reid", "Lloyd-Evans", "Núñez",
    "Björklund", "Łuczak", "D'Arcy", "Fitzgerald-Moore",
)  # fmt: skip

SURNAME_STARTS = _words(
    "Ash Apple Black Brad Bram Brom Buck Burn Cald Chat Clay Copp Cran Crow Dal Den Dun East Ed Elm Fair Fern Fox Gar "
    "Green Had Hart Haw Hazel Hen High Hol Kirk Lang Lin Long Mar Mill Nor Oak Pem Pres Raven Red Row Rush Salt Sand "
    "Shel Stan Stock Strat Thorn Wal Whit Win Wood Wyn"
)
SURNAME_ENDS = _words("ford ton ley well wood by field worth ham stead bury combe croft den dale more")

STREET_NAMES = _words(
    "High Church Station Victoria Mill Park Chapel Orchard Meadow Elm Oak Beech Willow Castle Bridge Manor School "
    "King's Queen's Albert George North South West Garden Spring Hillside Grove Rectory Priory Cherry Holly Larch"
)
STREET_KINDS = ("Street", "Road", "Lane", "Avenue", "Close", "Drive", "Way", "Gardens")

TOWNS = (
    ("Reading", "RG", "118"), ("Bristol", "BS", "117"), ("Leeds", "LS", "113"), ("Sheffield", "S", "114"),
    ("Nottingham", "NG", "115"), ("Leicester", "LE", "116"), ("Exeter", "EX", "1392"), ("Norwich", "NR", "1603"),
    ("York", "YO", "1904"), ("Cambridge", "CB", "1223"), ("Oxford", "OX", "1865"), ("Bath", "BA", "1225"),
    ("Chester", "CH", "1244"), ("Derby", "DE", "1332"), ("Gloucester", "GL", "1452"), ("Ipswich", "IP", "1473"),
    ("Lincoln", "LN", "1522"), ("Worcester", "WR", "1905"), ("Shrewsbury", "SY", "1743"), ("Swansea", "SA", "1792"),
    ("Cardiff", "CF", "292"), ("Taunton", "TA", "1823"), ("Truro", "TR", "1872"), ("Lancaster", "LA", "1524"),
)  # fmt: skip
"""Town, postcode area, area code without its leading zero."""

MAIL_DOMAINS = {
    "gmail.com": 34, "hotmail.com": 13, "yahoo.co.uk": 11, "outlook.com": 10, "icloud.com": 8, "btinternet.com": 6,
    "hotmail.co.uk": 5, "sky.com": 4, "live.co.uk": 3, "aol.com": 2, "talktalk.net": 2, "proton.me": 2,
}  # fmt: skip
TYPO_DOMAINS = {
    "gmail.com": ("gmial.com", "gmai.com", "gmail.con"), "hotmail.com": ("hotmial.com", "hotmai.com"),
    "yahoo.co.uk": ("yaho.co.uk",), "outlook.com": ("outlok.com",), "icloud.com": ("iclod.com",),
}  # fmt: skip
ROLE_MAILBOXES = ("info@", "office@", "sales@", "admin@")

STORES = ("Reading", "Bristol", "Leeds", "Norwich", "Exeter", "Chester")

PRODUCTS = {
    "plants": ("Lavender Rose Hydrangea Fern Clematis Peony Hosta Salvia Rosemary Buddleia", 4, 22),
    "seeds": ("Tomato Carrot Sunflower Basil Courgette Poppy Lettuce Sweet-pea Radish Cornflower", 1.5, 4.5),
    "tools": ("Spade Fork Trowel Secateurs Rake Hoe Loppers Dibber Shears Saw", 8, 60),
    "furniture": ("Bench Lounger Table Chair Parasol Hammock Bistro-set Swing Cushion-box Stool", 35, 420),
    "pots": ("Planter Pot Trough Window-box Saucer Hanging-basket Urn Tray Cloche Obelisk", 4, 70),
    "lighting": ("Lantern Festoon Spike-light Wall-light String-light Lamp Torch Solar-globe Candle Sconce", 6, 85),
    "kitchen": ("Teapot Mug Bowl Jug Apron Board Storage-jar Casserole Knife Colander", 5, 65),
    "textiles": ("Cushion Throw Rug Blanket Towel Tablecloth Runner Curtain Quilt Pillowcase", 8, 120),
    "barbecue": ("Grill Smoker Tongs Charcoal Griddle Fire-pit Skewers Brush Cover Pizza-oven", 5, 380),
    "wildlife": ("Bird-feeder Nest-box Bee-hotel Bird-bath Seed-mix Suet-balls Hedgehog-house Bat-box Pond Fountain",
                 4, 90),
}  # fmt: skip
"""Category: what is sold in it, lowest and highest price in pounds."""
STYLES = ("Classic", "Copper", "Oak", "Slate", "Coastal", "Cottage", "Heritage", "Nordic", "Meadow", "Terracotta")

SUBJECTS = (
    "Where is my order", "Late delivery", "Damaged on arrival", "Return request", "Product question",
    "Change of address", "Invoice copy", "Loyalty points missing", "Website problem", "Gift card",
)  # fmt: skip
