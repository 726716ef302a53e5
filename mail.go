package rapport

import (
	"net/mail"
	"regexp"
	"strings"
	"time"
)

// MailSecurity is how the connection to the mail server is guarded.
type MailSecurity string

const (
	MailStartTLS MailSecurity = "starttls" // plain at first, then TLS or nothing
	MailTLS      MailSecurity = "tls"      // TLS from the first byte
	MailPlain    MailSecurity = "none"     // within one's own network
)

// MailSettings say by which server e-mail to agents goes out. The password
// rests sealed, elsewhere.
type MailSettings struct {
	Enabled  bool         `json:"enabled"`
	Host     string       `json:"host" doc:"Name or address of the SMTP server."`
	Port     int          `json:"port"`
	Security MailSecurity `json:"security" enum:"starttls,tls,none"`
	User     string       `json:"user" doc:"Empty: no sign-in."`
	From     string       `json:"from" doc:"E-mail address of the sender."`
	Version  int          `json:"version"`
}

// DefaultMailSettings are those of a new account.
func DefaultMailSettings() MailSettings {
	return MailSettings{Port: 587, Security: MailStartTLS, Version: 1}
}

var hostForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?$`)

// Validate checks what an admin typed. What is switched off may be incomplete.
func (m *MailSettings) Validate() error {
	m.Host, m.User, m.From = strings.TrimSpace(m.Host), strings.TrimSpace(m.User), strings.TrimSpace(m.From)
	if m.Security == "" {
		m.Security = MailStartTLS
	}
	switch m.Security {
	case MailStartTLS, MailTLS, MailPlain:
	default:
		return Invalidf("security", "%q is not known; use starttls, tls or none.", m.Security)
	}
	switch {
	case m.Host == "" && m.Enabled:
		return Invalidf("host", "Which server sends the mail? Name one such as smtp.example.com.")
	case m.Host != "" && !hostForm.MatchString(m.Host):
		return Invalidf("host", "%q is not the name of a server such as smtp.example.com.", m.Host)
	case m.Port < 1 || m.Port > 65535:
		return Invalidf("port", "A port lies between 1 and 65535; mail servers use 587, 465 or 25.")
	case len(m.User) > 200:
		return Invalidf("user", "The name is %d bytes long; at most 200 are allowed.", len(m.User))
	case m.From == "" && m.Enabled:
		return Invalidf("from", "Mail needs the address of a sender, for example support@example.com.")
	}
	if m.From != "" {
		if err := ValidMailAddress("from", m.From); err != nil {
			return err
		}
	}
	return nil
}

// ValidMailAddress refuses what is not the bare e-mail address of somebody.
func ValidMailAddress(field, address string) error {
	got, err := mail.ParseAddress(address)
	if err != nil || got.Address != address || got.Name != "" || len(address) > 254 {
		return Invalidf(field, "%q is not an e-mail address such as support@example.com.", address)
	}
	return nil
}

// MailState is how far an e-mail got. Only what is certain is tried again:
//
//	queued ──► sending ──► sent
//	  ▲           ├──────► failed   the server refuses it for good
//	  └───────────┤        unsure   the line or the program broke in between:
//	 refused for  └──────►          it may have gone out, and is not sent twice
//	 now
type MailState string

const (
	MailQueued  MailState = "queued"
	MailSending MailState = "sending"
	MailSent    MailState = "sent"
	MailFailed  MailState = "failed"
	MailUnsure  MailState = "unsure"
)

// Mail is an e-mail on its way to somebody.
type Mail struct {
	ID        MailID
	To        string
	Subject   string
	Text      string
	HTML      string // empty: text only
	Secret    string // sealed; what {secret} stands for in the text
	File      *MailFile
	State     MailState
	Error     string
	CreatedAt time.Time
}

// MailFile is the one attachment that an e-mail of ours may have.
type MailFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Data []byte `json:"data"`
}
