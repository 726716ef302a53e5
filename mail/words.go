package mail

import "strings"

// words are what e-mails say in one language.
type words struct {
	testSubject, testText  string
	one, many              string // subjects of digests
	hello, intro           string
	open, earlier          string
	unsubscribe, automatic string
	moment                 string // how a time is written
	invite, inviteText     string // of somebody new
	reset, resetText       string // of who has a password
	once                   string // what holds for both links
	forgotText, soon       string // of who asked for theirs
}

var languages = map[string]words{
	"en": {
		testSubject: "Rapport can send e-mail", testText: "This is the test that you asked for: the settings for e-mail are right.",
		one: "1 unread notification", many: "{count} unread notifications",
		hello: "Hello {name},", intro: "while you were away, Rapport told you:",
		open: "Open Rapport", earlier: "… and {count} more.",
		unsubscribe: "Change or switch off these e-mails", automatic: "Nobody reads answers to this e-mail.",
		moment: "2006-01-02 15:04",
		invite: "{by} invites you to Rapport", inviteText: "{by} has made an account for you. Choose your password here:",
		reset: "Choose a new password for Rapport", resetText: "{by} sends you the link to choose a new password:",
		once:       "The link works once, and for a week.",
		forgotText: "Somebody, probably you, asked for a link to choose a new password:", soon: "It works once, and for an hour. If it was not you, leave it: your password stays as it is.",
	},
	"de": {
		testSubject: "Rapport kann E-Mails senden", testText: "Das ist der gewünschte Test: Die Einstellungen für E-Mail stimmen.",
		one: "1 ungelesene Benachrichtigung", many: "{count} ungelesene Benachrichtigungen",
		hello: "Hallo {name},", intro: "während Sie nicht da waren, meldete Rapport:",
		open: "Rapport öffnen", earlier: "… und {count} weitere.",
		unsubscribe: "Diese E-Mails ändern oder abschalten", automatic: "Antworten auf diese E-Mail liest niemand.",
		moment: "02.01.2006, 15:04",
		invite: "{by} lädt Sie zu Rapport ein", inviteText: "{by} hat ein Konto für Sie angelegt. Wählen Sie hier Ihr Passwort:",
		reset: "Wählen Sie ein neues Passwort für Rapport", resetText: "{by} schickt Ihnen den Link, mit dem Sie ein neues Passwort wählen:",
		once:       "Der Link gilt einmal und eine Woche lang.",
		forgotText: "Jemand, vermutlich Sie, hat um einen Link gebeten, mit dem Sie ein neues Passwort wählen:", soon: "Er gilt einmal und eine Stunde lang. Waren Sie es nicht, tun Sie nichts: Ihr Passwort bleibt, wie es ist.",
	},
}

func wordsOf(language string) words {
	language, _, _ = strings.Cut(language, "-")
	if w, known := languages[language]; known {
		return w
	}
	return languages["en"]
}
