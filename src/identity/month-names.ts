/** English, German, French, Spanish, Italian and Portuguese; without accents. */
const names = `
  jan january januar jaenner janner janvier janv enero ene gennaio gen janeiro
  feb february februar feber fevrier fevr fev febrero febbraio fevereiro
  mar march marz maerz mrz mars marzo marco
  apr april avril avr abril abr aprile
  may mai mayo maggio mag maio
  jun june juni juin junio giugno giu junho
  jul july juli juillet juil julio luglio lug julho
  aug august aout agosto ago
  sep sept september septembre septiembre settembre setembro set
  oct october oktober okt octobre octubre ottobre ott outubro out
  nov november novembre noviembre novembro
  dec december dezember dez decembre diciembre dic dicembre dezembro`;

const months = new Map<string, number>();
for (const [index, line] of names.trim().split('\n').entries()) {
  for (const name of line.trim().split(' ')) months.set(name, index + 1);
}

const words = /\p{L}+/gu;
const marks = /\p{M}+/gu;
const longest = 100;

/** The month, 1 to 12, that a text names; undefined when it names none or several. */
export function monthOf(text: string): number | undefined {
  if (text.length > longest) return undefined;
  let found: number | undefined;
  for (const [word] of text.toLowerCase().normalize('NFD').replace(marks, '').matchAll(words)) {
    const month = months.get(word);
    if (month === undefined || month === found) continue;
    if (found !== undefined) return undefined;
    found = month;
  }
  return found;
}
