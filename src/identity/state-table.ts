/**
 * The two-letter codes of US states, territories and postal regions (ANSI, USPS), and the names that stand for them.
 */
export const usStates = `
al Alabama
ak Alaska
az Arizona
ar Arkansas
ca California
co Colorado
ct Connecticut
de Delaware
fl Florida
ga Georgia
hi Hawaii
id Idaho
il Illinois
in Indiana
ia Iowa
ks Kansas
ky Kentucky
la Louisiana
me Maine
md Maryland
ma Massachusetts
mi Michigan
mn Minnesota
ms Mississippi
mo Missouri
mt Montana
ne Nebraska
nv Nevada
nh New Hampshire
nj New Jersey
nm New Mexico
ny New York
nc North Carolina
nd North Dakota
oh Ohio
ok Oklahoma
or Oregon
pa Pennsylvania
ri Rhode Island
sc South Carolina
sd South Dakota
tn Tennessee
tx Texas
ut Utah
vt Vermont
va Virginia
wa Washington
wv West Virginia
wi Wisconsin
wy Wyoming
dc District of Columbia; Washington DC; Washington District of Columbia
as American Samoa
gu Guam
mp Northern Mariana Islands; Northern Marianas
pr Puerto Rico
vi Virgin Islands; US Virgin Islands; United States Virgin Islands; Virgin Islands US
um United States Minor Outlying Islands; US Minor Outlying Islands
fm Federated States of Micronesia; Micronesia
mh Marshall Islands
pw Palau
aa Armed Forces Americas
ae Armed Forces Europe
ap Armed Forces Pacific
`;

/** The same for Canada (Canada Post), English and French. */
export const canadianProvinces = `
ab Alberta
bc British Columbia; Colombie-Britannique
mb Manitoba
nb New Brunswick; Nouveau-Brunswick
nl Newfoundland and Labrador; Newfoundland Labrador; Newfoundland; Labrador; Terre-Neuve-et-Labrador; Terre-Neuve
ns Nova Scotia; Nouvelle-Écosse
nt Northwest Territories; Territoires du Nord-Ouest
nu Nunavut
on Ontario
pe Prince Edward Island; Île-du-Prince-Édouard
qc Quebec; Québec
sk Saskatchewan
yt Yukon; Yukon Territory; Territoire du Yukon
`;
