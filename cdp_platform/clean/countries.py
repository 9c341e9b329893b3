"""Countries: ISO 3166-1 two-letter code, three-letter code, and the names that exports use for them.

Names are those of Unicode CLDR (English) and of the tz database, with what retail exports write besides: `EIRE`, `RSA`,
`Channel Islands` (to Jersey, the larger of the two bailiwicks, for want of a code of their own).
"""

NOT_A_COUNTRY = (
    "european community", "european union", "eu", "unspecified", "other", "west indies", "worldwide", "international",
)  # fmt: skip
"""Said on purpose, but no single country: null, and not counted as a mistake."""

_LINES = """
AD AND andorra
AE ARE united arab emirates|uae|emirates
AF AFG afghanistan
AG ATG antigua & barbuda|antigua and barbuda
AI AIA anguilla
AL ALB albania
AM ARM armenia
AO AGO angola
AQ ATA antarctica
AR ARG argentina
AS ASM american samoa
AT AUT austria|österreich|oesterreich|autriche
AU AUS australia
AW ABW aruba
AX ALA åland islands
AZ AZE azerbaijan
BA BIH bosnia & herzegovina|bosnia and herzegovina|bosnia
BB BRB barbados
BD BGD bangladesh
BE BEL belgium|belgie|belgië|belgique|belgien
BF BFA burkina faso
BG BGR bulgaria
BH BHR bahrain
BI BDI burundi
BJ BEN benin
BL BLM st. barthélemy|st barthelemy
BM BMU bermuda
BN BRN brunei
BO BOL bolivia|plurinational state of bolivia
BQ BES caribbean netherlands|caribbean nl
BR BRA brazil|brasil
BS BHS bahamas
BT BTN bhutan
BV BVT bouvet island
BW BWA botswana
BY BLR belarus
BZ BLZ belize
CA CAN canada
CC CCK cocos
CD COD congo - kinshasa|democratic republic of the congo|dr congo
CF CAF central african republic|central african rep.
CG COG congo - brazzaville|republic of the congo
CH CHE switzerland|schweiz|suisse|svizzera
CI CIV côte d'ivoire|cote d'ivoire|ivory coast
CK COK cook islands
CL CHL chile
CM CMR cameroon
CN CHN china|people's republic of china|prc
CO COL colombia
CR CRI costa rica
CU CUB cuba
CV CPV cape verde
CW CUW curaçao
CX CXR christmas island
CY CYP cyprus
CZ CZE czechia|czech republic|czech
DE DEU germany|deutschland|federal republic of germany|allemagne
DJ DJI djibouti
DK DNK denmark|danmark
DM DMA dominica
DO DOM dominican republic
DZ DZA algeria
EC ECU ecuador
EE EST estonia
EG EGY egypt
EH ESH western sahara
ER ERI eritrea
ES ESP spain|españa|espana|espagne
ET ETH ethiopia
FI FIN finland|suomi
FJ FJI fiji
FK FLK falkland islands
FM FSM micronesia
FO FRO faroe islands
FR FRA france|french republic
GA GAB gabon
GB GBR united kingdom|britain|uk|u.k.|great britain|england|scotland|wales|northern ireland|gb-eng|gb-sct|gb-wls|gb-nir
GD GRD grenada
GE GEO georgia
GF GUF french guiana
GG GGY guernsey
GH GHA ghana
GI GIB gibraltar
GL GRL greenland
GM GMB gambia
GN GIN guinea
GP GLP guadeloupe
GQ GNQ equatorial guinea
GR GRC greece|hellas|el
GS SGS south georgia and the south sandwich islands|south georgia & south sandwich islands
GT GTM guatemala
GU GUM guam
GW GNB guinea-bissau
GY GUY guyana
HK HKG hong kong sar china|hong kong
HM HMD heard island and mcdonald islands|heard & mcdonald islands
HN HND honduras
HR HRV croatia
HT HTI haiti
HU HUN hungary|magyarország|magyarorszag
ID IDN indonesia
IE IRL ireland|eire|republic of ireland|éire
IL ISR israel
IM IMN isle of man
IN IND india
IO IOT british indian ocean territory
IQ IRQ iraq
IR IRN iran
IS ISL iceland
IT ITA italy|italia|italie
JE JEY jersey|channel islands
JM JAM jamaica
JO JOR jordan
JP JPN japan
KE KEN kenya
KG KGZ kyrgyzstan
KH KHM cambodia
KI KIR kiribati
KM COM comoros
KN KNA st. kitts & nevis|st kitts & nevis|st. kitts and nevis|st kitts and nevis
KP PRK north korea|democratic people's republic of korea
KR KOR south korea|korea|republic of korea
KW KWT kuwait
KY CYM cayman islands
KZ KAZ kazakhstan
LA LAO laos
LB LBN lebanon
LC LCA st. lucia|st lucia
LI LIE liechtenstein
LK LKA sri lanka
LR LBR liberia
LS LSO lesotho
LT LTU lithuania
LU LUX luxembourg|luxemburg
LV LVA latvia
LY LBY libya
MA MAR morocco
MC MCO monaco
MD MDA moldova|republic of moldova
ME MNE montenegro
MF MAF st. martin|st martin
MG MDG madagascar
MH MHL marshall islands
MK MKD north macedonia|macedonia
ML MLI mali
MM MMR myanmar|burma
MN MNG mongolia
MO MAC macao sar china|macau|macao
MP MNP northern mariana islands
MQ MTQ martinique
MR MRT mauritania
MS MSR montserrat
MT MLT malta
MU MUS mauritius
MV MDV maldives
MW MWI malawi
MX MEX mexico
MY MYS malaysia
MZ MOZ mozambique
NA NAM namibia
NC NCL new caledonia
NE NER niger
NF NFK norfolk island
NG NGA nigeria
NI NIC nicaragua
NL NLD netherlands|holland|the netherlands|nederland|pays-bas
NO NOR norway|norge
NP NPL nepal
NR NRU nauru
NU NIU niue
NZ NZL new zealand|aotearoa
OM OMN oman
PA PAN panama
PE PER peru
PF PYF french polynesia
PG PNG papua new guinea
PH PHL philippines
PK PAK pakistan
PL POL poland|polska
PM SPM st. pierre & miquelon|st pierre & miquelon|st. pierre and miquelon|st pierre and miquelon
PN PCN pitcairn islands|pitcairn
PR PRI puerto rico
PS PSE palestinian territories|palestine
PT PRT portugal|república portuguesa
PW PLW palau
PY PRY paraguay
QA QAT qatar
RE REU réunion
RO ROU romania|românia
RS SRB serbia
RU RUS russia|russian federation
RW RWA rwanda
SA SAU saudi arabia
SB SLB solomon islands
SC SYC seychelles
SD SDN sudan
SE SWE sweden|sverige
SG SGP singapore
SH SHN st. helena|st helena
SI SVN slovenia
SJ SJM svalbard & jan mayen|svalbard and jan mayen
SK SVK slovakia
SL SLE sierra leone
SM SMR san marino
SN SEN senegal
SO SOM somalia
SR SUR suriname
SS SSD south sudan
ST STP são tomé & príncipe|sao tome & principe|são tomé and príncipe|sao tome and principe
SV SLV el salvador
SX SXM sint maarten|st maarten
SY SYR syria|syrian arab republic
SZ SWZ eswatini|swaziland
TC TCA turks & caicos islands|turks & caicos is|turks and caicos islands|turks and caicos is
TD TCD chad
TF ATF french southern territories|french s. terr.
TG TGO togo
TH THA thailand
TJ TJK tajikistan
TK TKL tokelau
TL TLS timor-leste|east timor
TM TKM turkmenistan
TN TUN tunisia
TO TON tonga
TR TUR türkiye|turkey|turkiye
TT TTO trinidad & tobago|trinidad and tobago
TV TUV tuvalu
TW TWN taiwan|taiwan, province of china
TZ TZA tanzania|united republic of tanzania
UA UKR ukraine
UG UGA uganda
UM UMI u.s. outlying islands|us minor outlying islands
US USA united states|u.s.|u.s.a.|united states of america|america|the united states
UY URY uruguay
UZ UZB uzbekistan
VA VAT vatican city|holy see|vatican
VC VCT st. vincent & grenadines|st vincent|st. vincent and grenadines
VE VEN venezuela|bolivarian republic of venezuela
VG VGB british virgin islands
VI VIR u.s. virgin islands|virgin islands
VN VNM vietnam|viet nam
VU VUT vanuatu
WF WLF wallis & futuna|wallis and futuna
WS WSM samoa
YE YEM yemen
YT MYT mayotte
ZA ZAF south africa|rsa|republic of south africa
ZM ZMB zambia
ZW ZWE zimbabwe
"""


def countries() -> dict[str, str]:
    """Lower-case name or code to two-letter code."""
    found: dict[str, str] = {}
    for line in _LINES.strip().splitlines():
        code, three, names = line.split(" ", 2)
        found |= dict.fromkeys([code.lower(), three.lower(), *names.split("|")], code)
    return found
