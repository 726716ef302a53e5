package conversation

import (
	"time"

	"rapport"
	"rapport/store"
)

// Window is until when a customer may be sent any text through an inbox. Later,
// or where the customer never wrote there, only an approved template may be
// sent (S3-51). limited is false for inboxes without such a rule.
func Window(tx *store.Tx, contact rapport.ContactID, inbox rapport.InboxID) (ends time.Time, limited bool, err error) {
	config, err := tx.Configuration()
	if err != nil {
		return ends, false, err
	}
	i := config.Inboxes[inbox]
	if i == nil || i.WindowHours == 0 {
		return ends, false, nil
	}
	heard, err := tx.LastHeard(contact, inbox)
	if err != nil || heard.IsZero() {
		return ends, true, err
	}
	return heard.Add(time.Duration(i.WindowHours) * time.Hour), true, nil
}

// compose puts the text of a message together from its template, if it has one,
// and otherwise makes sure that any text may be sent now. The message says
// through which inbox it goes.
func compose(tx *store.Tx, s *rapport.Summary, item *rapport.Item, use *rapport.TemplateUse) error {
	if use != nil {
		return fromTemplate(tx, item, use)
	}
	why, err := shut(tx, s.ContactID, item.InboxID)
	if err != nil || why == "" {
		return err
	}
	return rapport.Errorf(rapport.Conflict, "template_needed", "%s: this channel takes only an approved template now. Send one first; once the customer answers, you can write freely.", why)
}

// shut says why a customer may not be sent any text through an inbox now; empty:
// they may.
func shut(tx *store.Tx, contact rapport.ContactID, inbox rapport.InboxID) (why string, err error) {
	ends, limited, err := Window(tx, contact, inbox)
	switch {
	case err != nil || !limited || tx.Now().Before(ends):
		return "", err
	case ends.IsZero():
		return "The customer has never written here", nil
	}
	return "The customer last wrote too long ago", nil
}

// fromTemplate makes a message's text from an approved template of its inbox:
// who sends it chooses the variables and nothing else (S3-45).
func fromTemplate(tx *store.Tx, item *rapport.Item, use *rapport.TemplateUse) error {
	t, err := chosen(tx, item.InboxID, use)
	if err != nil {
		return err
	}
	if t.Status != rapport.TemplateApproved {
		return rapport.Errorf(rapport.Conflict, "template_not_approved", "The template %s is %s and cannot be sent.%s", t.Name, t.Status, reasonGiven(t.Reason))
	}
	if item.Body, err = t.Render(use.Values); err != nil {
		return err
	}
	item.Template = t.Name
	if item.Data == nil {
		item.Data = map[string]any{}
	}
	item.Data["template"] = rapport.TemplateUse{Name: t.Name, Language: t.Language, Values: use.Values}
	return nil
}

func chosen(tx *store.Tx, inbox rapport.InboxID, use *rapport.TemplateUse) (t rapport.MessageTemplate, err error) {
	if use.ID != "" {
		if t, err = tx.Template(use.ID); err == nil && t.InboxID != inbox {
			err = rapport.Invalidf("template.id", "The template %s belongs to another inbox than the one that the message is sent from.", t.Name)
		}
		return t, err
	}
	list, err := tx.Templates(inbox)
	if err != nil {
		return t, err
	}
	found := 0
	for _, one := range list {
		if one.Name == use.Name && (use.Language == "" || one.Language == use.Language) {
			t = one
			found++
		}
	}
	switch {
	case found == 0:
		return t, rapport.Invalidf("template.name", "This inbox has no template %q.", use.Name)
	case found > 1:
		return t, rapport.Invalidf("template.language", "The template %s exists in %d languages; say which one.", use.Name, found)
	}
	return t, nil
}

func reasonGiven(reason string) string {
	if reason == "" {
		return ""
	}
	return " " + reason
}
