package mail

import (
	"strings"

	"rapport"
	"rapport/lib/secretbox"
	"rapport/store"
)

// Invite sends somebody the link by which they come in for the first time, or
// choose a new password, if e-mail is set up and they may come in at all. by is
// nobody where they asked for it themselves. It tells whether it does. The link
// rests sealed until it is out: whoever has it is who it is for.
func Invite(tx *store.Tx, box *secretbox.Box, to rapport.Agent, by rapport.Actor, link string) (sent bool, err error) {
	settings, err := tx.MailSettings()
	if err != nil || !settings.Enabled || !to.Enabled {
		return false, err
	}
	w, err := wordsFor(tx, to.ID, by.AgentID)
	if err != nil {
		return false, err
	}
	subject, text, holds := w.invite, w.inviteText, w.once
	switch {
	case by.Name == "" && !to.Invited: // they asked for it themselves
		subject, text, holds = w.reset, w.forgotText, w.soon
	case by.Name == "":
		subject, text = w.reset, w.forgotText
	case !to.Invited:
		subject, text = w.reset, w.resetText
	}
	fill := strings.NewReplacer("{name}", to.Name, "{by}", by.Name)
	m := rapport.Mail{
		ID: rapport.NewID[rapport.MailID](), To: to.Email, Subject: fill.Replace(subject),
		Text: fill.Replace(w.hello) + "\n\n" + fill.Replace(text) + "\n\n" + secretPlace + "\n\n" + holds + "\n\n-- \n" + w.automatic + "\n",
	}
	m.Secret = box.Seal(secretbox.Secret(link), sealedFor(m.ID))
	return true, Enqueue(tx, m)
}

// secretPlace stands in the text of an e-mail for its secret.
const secretPlace = "{secret}"

func sealedFor(id rapport.MailID) string { return "mail:" + string(id) }

// wordsFor is the language of the first of these people who has chosen one.
func wordsFor(tx *store.Tx, people ...rapport.AgentID) (words, error) {
	for _, id := range people {
		p, err := tx.Preferences(id)
		if err != nil {
			return words{}, err
		}
		if p.Language != "" {
			return wordsOf(p.Language), nil
		}
	}
	return wordsOf(""), nil
}
