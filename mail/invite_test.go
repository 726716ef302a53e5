package mail_test

import (
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/mail"
	"rapport/rapporttest"
	"rapport/store"
)

// Issue 4, point 13: once e-mail is set up, an invitation goes out by it, in
// the language of who invites; its link rests sealed until then and is
// forgotten afterwards, also if it could not be sent.
func TestInvitationsGoOutByEmail(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		const link = "https://desk.example.com/invite/only-theirs"
		ana := o.Actor("ana")
		inviteBy := func(by rapport.Actor, to rapport.Agent) (sent bool) {
			o.Update(func(tx *store.Tx) (err error) {
				sent, err = mail.Invite(tx, o.box, to, by, link)
				return err
			})
			return sent
		}
		invite := func(to rapport.Agent) bool { return inviteBy(ana, to) }
		rests := func(what string) bool {
			var found []string
			o.View(func(tx *store.Tx) (err error) {
				found, err = tx.Grep(what)
				return err
			})
			return len(found) > 0
		}
		nora := rapport.Agent{ID: rapport.NewID[rapport.AgentID](), Name: "Nora Lie", Email: "nora@example.com", Enabled: true, Invited: true}
		o.prefer(t, "ana", func(p *rapport.Preferences) { p.Language = "de" })
		o.server.Behave(rapporttest.Busy)
		if !invite(nora) {
			t.Fatal("no invitation goes out although e-mail is set up")
		}
		o.drain(t)
		if rests("only-theirs") || !rests("hat ein konto für sie") {
			t.Error("the link rests in the open, or the e-mail does not wait")
		}
		o.server.Behave(rapporttest.Friendly)
		o.pass(time.Minute)
		o.drain(t)
		nora.Invited = false // she chose a password meanwhile, and forgot it
		invite(nora)
		o.drain(t)
		inviteBy(rapport.Actor{}, nora) // she asks for it herself
		o.drain(t)
		letters := o.server.Letters()
		if len(letters) != 3 || letters[0].To != "nora@example.com" {
			t.Fatalf("the e-mails are %+v; three to Nora were expected", letters)
		}
		for n, wants := range [][]string{{"Hallo Nora Lie", "hat ein Konto", link}, {"neues Passwort", link}, {"probably you", "for an hour", link}} {
			for _, want := range wants {
				if !strings.Contains(letters[n].Text, want) {
					t.Errorf("e-mail %d lacks %q:\n%s", n, want, letters[n].Text)
				}
			}
		}
		if rests("only-theirs") || rests("konto für sie") {
			t.Error("what it says is kept after it is out")
		}
		omar := rapport.Agent{ID: rapport.NewID[rapport.AgentID](), Name: "Omar", Email: "omar@example.com", Invited: true}
		if invite(omar) {
			t.Error("somebody is invited who is disabled")
		}
		o.Update(func(tx *store.Tx) error { return tx.SaveMailSettings(rapport.DefaultMailSettings()) })
		if invite(nora) {
			t.Error("an invitation goes out although e-mail is switched off")
		}
	})
}
