/**
 * ISO 3166-1: alpha-2, alpha-3, then the names by which people know the country, the short and the formal one of the
 * standard first. Left out on purpose: `Korea` (there are two), and what is no member of the standard (EU, XK).
 */
export const countryTable = `
ad and Andorra; Principality of Andorra
ae are United Arab Emirates; UAE; Emirates
af afg Afghanistan; Islamic Republic of Afghanistan
ag atg Antigua and Barbuda; Antigua
ai aia Anguilla
al alb Albania; Republic of Albania
am arm Armenia; Republic of Armenia
ao ago Angola; Republic of Angola
aq ata Antarctica
ar arg Argentina; Argentine Republic
as asm American Samoa
at aut Austria; Republic of Austria; Oesterreich; Osterreich
au aus Australia
aw abw Aruba
ax ala Åland Islands; Aland
az aze Azerbaijan; Republic of Azerbaijan
ba bih Bosnia and Herzegovina; Republic of Bosnia and Herzegovina; Bosnia
bb brb Barbados
bd bgd Bangladesh; People's Republic of Bangladesh
be bel Belgium; Kingdom of Belgium; Belgique; Belgie
bf bfa Burkina Faso
bg bgr Bulgaria; Republic of Bulgaria
bh bhr Bahrain; Kingdom of Bahrain
bi bdi Burundi; Republic of Burundi
bj ben Benin; Republic of Benin
bl blm Saint Barthélemy
bm bmu Bermuda
bn brn Brunei Darussalam; Brunei
bo bol Plurinational State of Bolivia; Bolivia; Bolivia Plurinational State of
bq bes Bonaire, Sint Eustatius and Saba; Caribbean Netherlands; Bonaire; Bonaire, Saint Eustatius and Saba
br bra Brazil; Federative Republic of Brazil; Brasil
bs bhs Bahamas; Commonwealth of the Bahamas
bt btn Bhutan; Kingdom of Bhutan
bv bvt Bouvet Island
bw bwa Botswana; Republic of Botswana
by blr Belarus; Republic of Belarus
bz blz Belize
ca can Canada
cc cck Cocos (Keeling) Islands; Cocos Islands; Keeling Islands
cd cod Democratic Republic of the Congo; Democratic Republic of Congo; DR Congo; DRC; Congo-Kinshasa; Congo, The Democratic Republic of the; Congo, Democratic Republic of the
cf caf Central African Republic
cg cog Congo; Republic of the Congo; Republic of Congo; Congo-Brazzaville
ch che Switzerland; Swiss Confederation; Schweiz; Suisse; Svizzera
ci civ Côte d'Ivoire; Republic of Côte d'Ivoire; Ivory Coast
ck cok Cook Islands
cl chl Chile; Republic of Chile
cm cmr Cameroon; Republic of Cameroon
cn chn China; People's Republic of China; Mainland China; PRC
co col Colombia; Republic of Colombia
cr cri Costa Rica; Republic of Costa Rica
cu cub Cuba; Republic of Cuba
cv cpv Cabo Verde; Republic of Cabo Verde; Cape Verde
cw cuw Curaçao
cx cxr Christmas Island
cy cyp Cyprus; Republic of Cyprus
cz cze Czechia; Czech Republic; Czech; Cesko; Ceska republika
de deu Germany; Federal Republic of Germany; Deutschland
dj dji Djibouti; Republic of Djibouti
dk dnk Denmark; Kingdom of Denmark; Danmark
dm dma Dominica; Commonwealth of Dominica
do dom Dominican Republic; Republica Dominicana
dz dza Algeria; People's Democratic Republic of Algeria; Algerie
ec ecu Ecuador; Republic of Ecuador
ee est Estonia; Republic of Estonia; Eesti
eg egy Egypt; Arab Republic of Egypt
eh esh Western Sahara
er eri Eritrea; State of Eritrea
es esp Spain; Kingdom of Spain; Espana
et eth Ethiopia; Federal Democratic Republic of Ethiopia
fi fin Finland; Republic of Finland; Suomi
fj fji Fiji; Republic of Fiji
fk flk Falkland Islands (Malvinas); Falkland Islands; Falklands; Malvinas
fm fsm Federated States of Micronesia; Micronesia; Micronesia, Federated States of
fo fro Faroe Islands; Faeroe Islands; Faroes
fr fra France; French Republic; Metropolitan France
ga gab Gabon; Gabonese Republic
gb gbr United Kingdom; United Kingdom of Great Britain and Northern Ireland; Great Britain; Britain; England; Scotland; Wales; Northern Ireland; United Kingdom (UK)
gd grd Grenada
ge geo Georgia
gf guf French Guiana
gg ggy Guernsey
gh gha Ghana; Republic of Ghana
gi gib Gibraltar
gl grl Greenland
gm gmb Gambia; Republic of the Gambia
gn gin Guinea; Republic of Guinea
gp glp Guadeloupe
gq gnq Equatorial Guinea; Republic of Equatorial Guinea
gr grc Greece; Hellenic Republic; Hellas
gs sgs South Georgia and the South Sandwich Islands; South Georgia; South Georgia and South Sandwich Islands
gt gtm Guatemala; Republic of Guatemala
gu gum Guam
gw gnb Guinea-Bissau; Republic of Guinea-Bissau
gy guy Guyana; Republic of Guyana
hk hkg Hong Kong; Hong Kong Special Administrative Region of China; Hong Kong SAR; Hong Kong SAR China; Hong Kong, China
hm hmd Heard Island and McDonald Islands; Heard and McDonald Islands
hn hnd Honduras; Republic of Honduras
hr hrv Croatia; Republic of Croatia; Hrvatska
ht hti Haiti; Republic of Haiti
hu hun Hungary; Magyarorszag
id idn Indonesia; Republic of Indonesia
ie irl Ireland; Republic of Ireland; Eire
il isr Israel; State of Israel
im imn Isle of Man
in ind India; Republic of India
io iot British Indian Ocean Territory; Chagos Islands; BIOT
iq irq Iraq; Republic of Iraq
ir irn Islamic Republic of Iran; Iran; Iran, Islamic Republic of
is isl Iceland; Republic of Iceland
it ita Italy; Italian Republic; Italia
je jey Jersey
jm jam Jamaica
jo jor Jordan; Hashemite Kingdom of Jordan
jp jpn Japan
ke ken Kenya; Republic of Kenya
kg kgz Kyrgyzstan; Kyrgyz Republic
kh khm Cambodia; Kingdom of Cambodia
ki kir Kiribati; Republic of Kiribati
km com Comoros; Union of the Comoros
kn kna Saint Kitts and Nevis; Saint Kitts
kp prk Democratic People's Republic of Korea; North Korea; DPRK; Korea, Democratic People's Republic of; Korea, North
kr kor Republic of Korea; South Korea; Korea, Republic of; Korea, South
kw kwt Kuwait; State of Kuwait
ky cym Cayman Islands
kz kaz Kazakhstan; Republic of Kazakhstan
la lao Lao People's Democratic Republic; Laos; Lao PDR
lb lbn Lebanon; Lebanese Republic
lc lca Saint Lucia
li lie Liechtenstein; Principality of Liechtenstein
lk lka Sri Lanka; Democratic Socialist Republic of Sri Lanka
lr lbr Liberia; Republic of Liberia
ls lso Lesotho; Kingdom of Lesotho
lt ltu Lithuania; Republic of Lithuania; Lietuva
lu lux Luxembourg; Grand Duchy of Luxembourg
lv lva Latvia; Republic of Latvia; Latvija
ly lby Libya; Libyan Arab Jamahiriya; State of Libya
ma mar Morocco; Kingdom of Morocco; Maroc
mc mco Monaco; Principality of Monaco
md mda Republic of Moldova; Moldova; Moldova, Republic of
me mne Montenegro
mf maf Saint Martin (French part); Saint Martin
mg mdg Madagascar; Republic of Madagascar
mh mhl Marshall Islands; Republic of the Marshall Islands
mk mkd North Macedonia; Republic of North Macedonia; Macedonia; FYROM; former Yugoslav Republic of Macedonia; Macedonia, the former Yugoslav Republic of
ml mli Mali; Republic of Mali
mm mmr Myanmar; Republic of Myanmar; Burma; Myanmar (Burma)
mn mng Mongolia
mo mac Macao; Macao Special Administrative Region of China; Macau; Macao SAR; Macao SAR China; Macau SAR
mp mnp Northern Mariana Islands; Commonwealth of the Northern Mariana Islands; Northern Marianas
mq mtq Martinique
mr mrt Mauritania; Islamic Republic of Mauritania
ms msr Montserrat
mt mlt Malta; Republic of Malta
mu mus Mauritius; Republic of Mauritius
mv mdv Maldives; Republic of Maldives
mw mwi Malawi; Republic of Malawi
mx mex Mexico; United Mexican States
my mys Malaysia
mz moz Mozambique; Republic of Mozambique
na nam Namibia; Republic of Namibia
nc ncl New Caledonia
ne ner Niger; Republic of the Niger
nf nfk Norfolk Island
ng nga Nigeria; Federal Republic of Nigeria
ni nic Nicaragua; Republic of Nicaragua
nl nld Netherlands; Kingdom of the Netherlands; Holland
no nor Norway; Kingdom of Norway; Norge
np npl Nepal; Federal Democratic Republic of Nepal
nr nru Nauru; Republic of Nauru
nu niu Niue
nz nzl New Zealand
om omn Oman; Sultanate of Oman
pa pan Panama; Republic of Panama
pe per Peru; Republic of Peru
pf pyf French Polynesia
pg png Papua New Guinea; Independent State of Papua New Guinea
ph phl Philippines; Republic of the Philippines
pk pak Pakistan; Islamic Republic of Pakistan
pl pol Poland; Republic of Poland; Polska
pm spm Saint Pierre and Miquelon
pn pcn Pitcairn; Pitcairn Islands
pr pri Puerto Rico
ps pse State of Palestine; Palestine; Palestinian Territory; Palestinian Territories; Occupied Palestinian Territory; Palestine, State of
pt prt Portugal; Portuguese Republic
pw plw Palau; Republic of Palau
py pry Paraguay; Republic of Paraguay
qa qat Qatar; State of Qatar
re reu Réunion; Reunion Island
ro rou Romania
rs srb Serbia; Republic of Serbia
ru rus Russian Federation; Russia
rw rwa Rwanda; Rwandese Republic
sa sau Saudi Arabia; Kingdom of Saudi Arabia
sb slb Solomon Islands
sc syc Seychelles; Republic of Seychelles
sd sdn Sudan; Republic of the Sudan
se swe Sweden; Kingdom of Sweden; Sverige
sg sgp Singapore; Republic of Singapore
sh shn Saint Helena, Ascension and Tristan da Cunha; Saint Helena
si svn Slovenia; Republic of Slovenia; Slovenija
sj sjm Svalbard and Jan Mayen; Svalbard
sk svk Slovakia; Slovak Republic; Slovensko
sl sle Sierra Leone; Republic of Sierra Leone
sm smr San Marino; Republic of San Marino
sn sen Senegal; Republic of Senegal
so som Somalia; Federal Republic of Somalia
sr sur Suriname; Republic of Suriname
ss ssd South Sudan; Republic of South Sudan
st stp Sao Tome and Principe; Democratic Republic of Sao Tome and Principe; Sao Tome
sv slv El Salvador; Republic of El Salvador
sx sxm Sint Maarten (Dutch part); Sint Maarten; St. Maarten
sy syr Syrian Arab Republic; Syria
sz swz Eswatini; Kingdom of Eswatini; Swaziland
tc tca Turks and Caicos Islands; Turks and Caicos
td tcd Chad; Republic of Chad
tf atf French Southern Territories; French Southern and Antarctic Lands
tg tgo Togo; Togolese Republic
th tha Thailand; Kingdom of Thailand
tj tjk Tajikistan; Republic of Tajikistan
tk tkl Tokelau
tl tls Timor-Leste; Democratic Republic of Timor-Leste; East Timor
tm tkm Turkmenistan
tn tun Tunisia; Republic of Tunisia; Tunisie
to ton Tonga; Kingdom of Tonga
tr tur Türkiye; Republic of Türkiye; Turkey
tt tto Trinidad and Tobago; Republic of Trinidad and Tobago; Trinidad
tv tuv Tuvalu
tw twn Province of China Taiwan; Taiwan; Republic of China; ROC; Chinese Taipei; Taiwan, Province of China
tz tza United Republic of Tanzania; Tanzania; Tanzania, United Republic of
ua ukr Ukraine
ug uga Uganda; Republic of Uganda
um umi United States Minor Outlying Islands; US Minor Outlying Islands; US Outlying Islands
us usa United States; United States of America; America
uy ury Uruguay; Eastern Republic of Uruguay
uz uzb Uzbekistan; Republic of Uzbekistan
va vat Holy See (Vatican City State); Vatican City; Vatican; Holy See; Vatican City State
vc vct Saint Vincent and the Grenadines; Saint Vincent; Saint Vincent and Grenadines
ve ven Bolivarian Republic of Venezuela; Venezuela; Venezuela, Bolivarian Republic of
vg vgb British Virgin Islands; BVI; Virgin Islands, British
vi vir U.S. Virgin Islands; Virgin Islands of the United States; USVI; United States Virgin Islands; Virgin Islands, U.S.; Virgin Islands
vn vnm Viet Nam; Socialist Republic of Viet Nam
vu vut Vanuatu; Republic of Vanuatu
wf wlf Wallis and Futuna
ws wsm Samoa; Independent State of Samoa; Western Samoa
ye yem Yemen; Republic of Yemen
yt myt Mayotte
za zaf South Africa; Republic of South Africa
zm zmb Zambia; Republic of Zambia
zw zwe Zimbabwe; Republic of Zimbabwe
`;
