package mail

import (
	"context"
	"html/template"
	"strconv"
	"strings"
	"time"

	"rapport"
	"rapport/lib/saying"
	"rapport/store"
)

const (
	mostTold  = 200 // notifications looked at for one digest
	mostLines = 20  // of them in the e-mail
)

// Digests sends the agents who want it what they have left unread for as long
// as they chose: each notification at most once. It looks first, so that it
// writes only when there is something to send.
func (p *Post) Digests(ctx context.Context) error {
	var due []store.Digested
	err := p.DB.View(ctx, func(tx *store.Tx) error {
		settings, err := tx.MailSettings()
		if err != nil || !settings.Enabled {
			return err
		}
		all, err := tx.Digested()
		if err != nil {
			return err
		}
		for _, d := range all {
			oldest, err := tx.Unmailed(d.ID, 1)
			if err != nil {
				return err
			}
			if len(oldest) > 0 && !oldest[0].At.After(tx.Now().Add(-wait(d))) {
				due = append(due, d)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, d := range due {
		if err := p.DB.Update(ctx, func(tx *store.Tx) error { return p.digest(tx, d) }); err != nil {
			return err
		}
	}
	return nil
}

// digest marks what it tells in the transaction that enqueues the e-mail.
func (p *Post) digest(tx *store.Tx, d store.Digested) error {
	list, err := tx.Unmailed(d.ID, mostTold)
	if err != nil || len(list) == 0 || list[0].At.After(tx.Now().Add(-wait(d))) {
		return err
	}
	if err := tx.Mailed(list); err != nil {
		return err
	}
	var told []rapport.Notification
	for _, n := range list {
		if d.Preferences.How(n.Kind).Email {
			told = append(told, n)
		}
	}
	if len(told) == 0 {
		return nil
	}
	return Enqueue(tx, p.compose(d, told))
}

type digestLine struct{ When, Text, Link string }

// compose writes a digest in the agent's language and time.
func (p *Post) compose(d store.Digested, told []rapport.Notification) rapport.Mail {
	w := wordsOf(d.Preferences.Language)
	base := strings.TrimRight(p.Base, "/")
	subject := w.one
	if len(told) > 1 {
		subject = strings.ReplaceAll(w.many, "{count}", strconv.Itoa(len(told)))
	}
	lines := []digestLine{}
	for _, n := range told[:min(len(told), mostLines)] {
		l := digestLine{When: n.At.In(d.Preferences.Zone()).Format(w.moment), Text: saying.In(d.Preferences.Language, n.Text)}
		if n.ConversationID != "" {
			l.Link = base + "/conversations/" + string(n.ConversationID)
		}
		lines = append(lines, l)
	}
	more := ""
	if n := len(told) - len(lines); n > 0 {
		more = strings.ReplaceAll(w.earlier, "{count}", strconv.Itoa(n))
	}
	hello := strings.ReplaceAll(w.hello, "{name}", d.Name)
	choose := base + "/settings/me"
	var text strings.Builder
	text.WriteString(hello + "\n\n" + w.intro + "\n\n")
	for _, l := range lines {
		text.WriteString("- " + l.When + "  " + l.Text + "\n")
		if l.Link != "" {
			text.WriteString("  " + l.Link + "\n")
		}
	}
	if more != "" {
		text.WriteString(more + "\n")
	}
	text.WriteString("\n" + w.open + ": " + base + "/\n\n-- \n" + w.automatic + "\n" + w.unsubscribe + ": " + choose + "\n")
	var html strings.Builder
	err := digestPage.Execute(&html, map[string]any{"Hello": hello, "Words": map[string]string{
		"Intro": w.intro, "Open": w.open, "Automatic": w.automatic, "Unsubscribe": w.unsubscribe,
	}, "Lines": lines, "More": more, "Base": base + "/", "Choose": choose})
	m := rapport.Mail{To: d.Email, Subject: "Rapport: " + subject, Text: text.String(), HTML: html.String()}
	if err != nil { // the template is ours; the plain text says the same
		m.HTML = ""
	}
	return m
}

var digestPage = template.Must(template.New("digest").Parse(`<!doctype html>
<html><body style="font-family:sans-serif;line-height:1.5;color:#1a1a1a;max-width:40rem">
<p>{{.Hello}}</p><p>{{.Words.Intro}}</p>
<ul>{{range .Lines}}<li><span style="color:#555">{{.When}}</span> {{if .Link}}<a href="{{.Link}}">{{.Text}}</a>{{else}}{{.Text}}{{end}}</li>{{end}}</ul>
{{if .More}}<p>{{.More}}</p>{{end}}
<p><a href="{{.Base}}">{{.Words.Open}}</a></p>
<p style="color:#555;font-size:smaller">{{.Words.Automatic}}<br><a href="{{.Choose}}">{{.Words.Unsubscribe}}</a></p>
</body></html>
`))

// wait is how long a notification may stay unread before it is sent.
func wait(d store.Digested) time.Duration {
	return time.Duration(d.Preferences.Digest) * time.Minute
}
