import { t } from "@rapport/i18n";

// Every setting by the label it has on its page, or in the dialog that the page opens, with words that people look for.
// The texts are those of the pages: they are translated there. Tests look whether each still exists, and whether a page
// or a field is missing here.

export interface Place {
  path: string;
  /** What the page is called. */
  page: string;
  /** The English label; also of a card, a page, or a button that opens the setting. */
  label: string;
  /** Other words that lead here, in English and German. */
  words?: string;
  admin?: boolean;
}

const account: [string, string?][] = [
  ["Account name", "company firma"],
  ["Country of phone numbers", "telephone prefix vorwahl telefon"],
  ["Capacity of an agent", "load limit auslastung"],
  ["Transfer time-out in minutes", "übergabe"],
  ["Away after minutes without input", "idle status abwesend"],
  ["Grace after going offline", "abgemeldet"],
  ["Answering in time", "reply timer sla antwortzeit frist"],
  ["Silent customers", "inactivity close reopen schließen"],
  ["Reopens for", "reopen wieder öffnen"],
  ["Automatic texts", "warning closed messages nachrichten"],
  ["Before a silent conversation closes", "warning warnung"],
  ["When it is closed", "message nachricht"],
  ["Assigned to an agent who is not here", "away message abwesend nachricht"],
  ["Sticky sessions", "history same agent stammkunde"],
  ["Details of conversations", "noted topic summary angaben thema"],
  ["Tags of the catalogue only", "labels free schlagwörter katalog"],
  ["Disposition needed before solving", "outcome code required ergebnis pflicht"],
  ["Help for agents", "assist ai language model ki sprachmodell"],
  ["Help with writing", "assist ai rewrite ki schreiben"],
  ["Language model", "ai openai ki sprachmodell"],
  ["Signing secret", "webhook signature hmac key schlüssel unterschrift"],
];

const mine: [string, string?][] = [
  ["Language of the desk", "german english deutsch sprache"],
  ["Time zone", "clock uhr zeit"],
  ["Ways of notification", "browser sound email alert ton"],
  ["Play sounds", "tone mute ton stumm"],
  ["Allow and test notifications", "permission focus assist do not disturb erlaubnis"],
  ["E-mail what I have not read", "digest zusammenfassung"],
  ["Seconds to undo sending", "undo rückgängig"],
];

const pages: [string, string, string?][] = [
  ["/admin/agents", "Agents", "users people invite role benutzer einladen rolle"],
  ["/admin/queues", "Queues", "teams groups strategy hours öffnungszeiten"],
  ["/admin/inboxes", "Inboxes", "channels widget website snippet survey kanal umfrage"],
  ["/admin/attributes", "Customer attributes", "fields contact data crm felder merkmale daten"],
  ["/admin/cards", "Context cards", "crm side panel external system order erp kontextkarten seitenleiste"],
  ["/admin/bots", "Bots", "ai webhook openai"],
  ["/admin/workflows", "Workflows", "automation rules automatisierung regeln"],
  ["/canned-responses", "Canned responses", "stock text snippets import csv vorlagen"],
  ["/macros", "Macros", "actions aktionen"],
  ["/tags", "Tags", "labels colours catalogue rename merge farben katalog umbenennen"],
  ["/admin/templates", "Approved templates", "whatsapp variables approval vorlagen freigabe"],
  ["/admin/forms", "Forms", "fields required questions felder pflichtfeld"],
  ["/admin/dispositions", "Dispositions", "outcome code result ergebnis"],
  ["/admin/email", "E-mail", "smtp mail server digest"],
  ["/admin/feedback", "Feedback", "webhook rückmeldung"],
  ["/admin/first-steps", "First steps", "onboarding checklist einrichten"],
  ["/admin/audit", "Audit log", "history changes protokoll"],
  ["/statuses", "Statuses", "availability break pause"],
  ["/admin/sticky-agents", "Sticky agents", "named customer csv import"],
  ["/satisfaction", "Satisfaction", "survey csat rating umfrage bewertung"],
];

const mail: [string, string?][] = [
  ["Mail server", "smtp"],
  ["Send e-mail", "switch on smtp"],
  ["Server", "host smtp"],
  ["Port", "smtp"],
  ["Encryption", "tls starttls verschlüsselung"],
  ["Sender's address", "from absender"],
  ["User name", "smtp login benutzer anmeldung"],
  ["Password of the user", "smtp login kennwort anmeldung"],
];

const feedback: [string, string?][] = [["Where feedback goes"], ["E-mail address for feedback", "address adresse"], ["Webhook for feedback", "url"]];

const queue: [string, string?][] = [
  ["Strategy", "turns routing distribution verteilung reihum"],
  ["Capacity", "load limit auslastung"],
  ["Members", "agents who serves mitglieder"],
  ["Senders", "from default inbox sender absender standard posteingang"],
  ["Reply timer of this queue", "answer time sla antwortzeit frist"],
  ["Longest wait", "waiting time wartezeit"],
  ["Sticky sessions of this queue", "same agent stammkunde"],
  ["Business hours", "opening times öffnungszeiten"],
  ["Week", "opening times öffnungszeiten woche"],
  ["Holidays", "closed days feiertage"],
  ["Time zone", "clock zeit"],
  ["Reply outside the hours", "away message closed abwesenheit"],
  ["New conversations outside the hours", "closed overflow geschlossen"],
];

const inbox: [string, string?][] = [
  ["Channel", "web api widget kanal"],
  ["Queue", "default queue where it goes warteschlange standard"],
  ["Answered first by", "bot workflow chatbot"],
  ["Only templates after (hours)", "whatsapp window 24 vorlagen fenster"],
  ["Silent customers", "inactivity close schließen"],
  ["How customers talk here", "live chat messaging"],
  ["Close after", "silence inactivity schließen"],
  ["Warn before", "silence inactivity warnung"],
  ["Satisfaction survey", "csat rating umfrage bewertung"],
  ["Ask how it was", "survey csat umfrage"],
  ["Question", "survey csat umfrage"],
  ["Scale", "survey stars thumbs umfrage sterne daumen"],
  ["Thanks afterwards", "survey umfrage dank"],
  ["Ask after", "survey delay umfrage"],
  ["Customers may add a few words", "survey comment umfrage kommentar"],
  ["Also when the customer fell silent", "survey umfrage"],
  ["Also when a bot or a workflow ended it", "survey umfrage"],
];

const agent: [string, string?][] = [
  ["Role", "admin supervisor permission rolle rechte"],
  ["Capacity", "load limit auslastung"],
];

const bot: [string, string?][] = [
  ["When people take over", "handoff fallback übergabe"],
  ["Time-out in seconds", "bot slow zeit"],
  ["Apology", "bot failure error fehler entschuldigung"],
];

/** Settings of a page that only admins see. */
const of = (path: string, page: string, list: [string, string?][]): Place[] => list.map(([label, words]) => ({ path, page, label, admin: true, ...(words ? { words } : {}) }));

export const places: readonly Place[] = [
  ...mine.map(([label, words]): Place => ({ path: "/settings/me", page: "My settings", label, ...(words ? { words } : {}) })),
  ...of("/admin/settings", "Settings", account),
  ...of("/admin/queues", "Queues", queue),
  ...of("/admin/inboxes", "Inboxes", inbox),
  ...of("/admin/agents", "Agents", agent),
  ...of("/admin/bots", "Bots", bot),
  ...of("/admin/email", "E-mail", mail),
  ...of("/admin/feedback", "Feedback", feedback),
  ...pages.map(([path, label, words]): Place => ({ path, page: label, label, admin: path.startsWith("/admin"), ...(words ? { words } : {}) })),
];

/** The label as the page shows it. */
export function shownLabel(text: string): string {
  return t(text);
}

const plain = (text: string) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

/** Finds settings by every word typed, in English and in the language of the desk. */
export function findPlaces(query: string, admin: boolean): Place[] {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  return places
    .filter((place) => admin || !place.admin)
    .map((place) => {
      const label = plain(`${place.label} ${shownLabel(place.label)}`);
      const all = `${label} ${plain(`${place.words ?? ""} ${place.page} ${shownLabel(place.page)}`)}`;
      if (!wanted.every((word) => all.includes(word))) return { place, rank: 0 };
      return { place, rank: wanted.every((word) => label.includes(word)) ? 2 : 1 };
    })
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ place }) => place);
}
