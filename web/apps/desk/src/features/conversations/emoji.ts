import { t } from "@rapport/i18n";

// A short list that agents use; words in English and German to search by.

export interface Face {
  face: string;
  words: string;
}

export interface Group {
  name: string;
  faces: Face[];
}

function faces(text: string): Face[] {
  return text.split("|").map((entry) => {
    const at = entry.indexOf(" ");
    return { face: entry.slice(0, at), words: entry.slice(at + 1) };
  });
}

/** Everything there is to pick. */
export function groups(): Group[] {
  return [
    { name: t("Faces"), faces: faces("😀 smile grin lächeln|😄 happy laugh froh|😁 beam grinsen|😅 sweat relief schweiß|😂 joy tears lachen tränen|🙂 slight smile nett|😉 wink zwinkern|😊 blush freuen|😍 love eyes verliebt|🤩 star eyes begeistert|😘 kiss kuss|😋 yum lecker|😎 cool sonnenbrille|🤗 hug umarmung|🤔 think nachdenken|🤨 doubt zweifel|😐 neutral|🙄 roll eyes augenrollen|😏 smirk schmunzeln|😬 grimace peinlich|😌 relieved erleichtert|😴 sleep schlafen|😷 mask krank|🤒 ill fever fieber|🥳 party feiern|😕 confused verwirrt|😟 worried besorgt|🙁 sad frown traurig|😮 surprised erstaunt|😳 flushed verlegen|🥺 please bitte flehen|😢 cry weinen|😭 sob heulen|😱 scream schock|😤 huff genervt|😡 angry wütend|🤯 mind blown|😇 angel engel|🤷 shrug achselzucken|🤦 facepalm") },
    { name: t("Gestures"), faces: faces("👍 thumbs up yes ok daumen hoch ja|👎 thumbs down no daumen runter nein|👌 ok perfect|✌️ peace victory|🤞 fingers crossed daumen drücken|🤝 handshake hände schütteln|👏 clap applaus|🙌 hooray hurra|🙏 thanks please danke bitte|👋 wave hello bye winken hallo|💪 strong stark|👉 right point rechts|👈 left point links|👆 up point oben|👇 down point unten|☝️ one moment hinweis|✍️ write schreiben|👀 eyes look augen schauen") },
    { name: t("Hearts"), faces: faces("❤️ heart red herz|🧡 orange heart herz|💛 yellow heart herz|💚 green heart herz|💙 blue heart herz|💜 purple heart herz|💔 broken heart herz|💯 hundred hundert|✨ sparkles glitzer|⭐ star stern|🌟 glowing star stern|🔥 fire feuer|💥 boom knall|🎉 party tada feier|🎊 confetti konfetti|🎁 gift present geschenk|🎂 birthday cake geburtstag|🏆 trophy pokal|🥇 gold medal medaille") },
    { name: t("Nature and food"), faces: faces("☀️ sun sonne|🌤️ cloudy sun wolken|🌧️ rain regen|❄️ snow schnee|🌈 rainbow regenbogen|🌍 world earth welt|🌱 plant pflanze|🌸 blossom blüte|🌻 sunflower blume|🐶 dog hund|🐱 cat katze|🐝 bee biene|🍎 apple apfel|🍕 pizza|🍞 bread brot|🍰 cake kuchen|☕ coffee kaffee|🍵 tea tee|🍺 beer bier|🥂 cheers prost") },
    { name: t("Travel and things"), faces: faces("🚗 car auto|🚚 truck delivery lieferung|🚲 bike fahrrad|🚆 train zug|✈️ plane flugzeug|🚢 ship schiff|🏠 house home haus|🏢 office büro|🏥 hospital krankenhaus|📍 pin place ort|🗺️ map karte|⏰ alarm clock wecker|⏳ hourglass sanduhr warten|📅 calendar kalender|📦 parcel package paket|📧 email mail|📞 phone telefon|📱 mobile handy|💻 laptop computer|🖨️ printer drucker|🔑 key schlüssel|🔒 lock schloss|🔧 wrench werkzeug|🛒 cart einkaufswagen|💳 card kreditkarte|💶 euro money geld|🧾 receipt rechnung|📎 clip büroklammer|📷 camera kamera|🎧 headphones kopfhörer|💡 idea idee licht|🔍 search suche") },
    { name: t("Signs"), faces: faces("✅ check done haken fertig|☑️ ticked angekreuzt|❌ cross no kreuz nein|⚠️ warning warnung|❗ exclamation wichtig|❓ question frage|ℹ️ info information|🚫 forbidden verboten|⛔ stop halt|➡️ arrow right pfeil rechts|⬅️ arrow left pfeil links|⬆️ arrow up pfeil oben|⬇️ arrow down pfeil unten|🔄 again refresh erneut|🔔 bell glocke|🔕 mute stumm|🆗 ok|🆕 new neu|🔴 red rot|🟠 orange|🟡 yellow gelb|🟢 green grün|🔵 blue blau|#️⃣ number nummer|1️⃣ one eins|2️⃣ two zwei|3️⃣ three drei") },
  ];
}
