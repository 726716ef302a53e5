package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"rapport"
	"rapport/lib/secretbox"
	"rapport/lib/ssrf"
)

// patience is how long a mail server may take for one e-mail; it is shorter
// than the lease of a job.
const patience = 40 * time.Second

// transmit hands an e-mail to the server. An error is temporary, unless it is a
// refusal.
func (p *Post) transmit(ctx context.Context, s rapport.MailSettings, password secretbox.Secret, m *rapport.Mail) error {
	msg, err := message(s, m)
	if err != nil {
		return &refusal{rapport.MailFailed, err}
	}
	client, err := p.client(s, password)
	if err != nil {
		return &refusal{rapport.MailFailed, err}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := client.DialWithContext(ctx); err != nil {
		return permanent(err)
	}
	err = client.Send(msg)
	client.Close() //nolint:errcheck // the server has answered already
	if err == nil {
		return nil
	}
	var sent *gomail.SendError
	if !errors.As(err, &sent) {
		return &refusal{rapport.MailUnsure, err}
	}
	switch {
	case sent.Reason == gomail.ErrSMTPDataClose && sent.ErrorCode() == 0:
		return &refusal{rapport.MailUnsure, err} // the line broke while the server had it all
	case sent.IsTemp() || sent.ErrorCode() == 0:
		return err
	}
	return &refusal{rapport.MailFailed, err}
}

// permanent tells what trying again cannot mend from what it can.
func permanent(err error) error {
	if errors.Is(err, ssrf.ErrRefused) {
		return &refusal{rapport.MailFailed, err}
	}
	return err
}

func (p *Post) client(s rapport.MailSettings, password secretbox.Secret) (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(s.Port), gomail.WithTimeout(15 * time.Second), gomail.WithoutNoop(), gomail.WithoutRset()}
	if p.Dial != nil {
		dial := p.Dial
		if s.Security == rapport.MailTLS {
			dial = overTLS(p.Dial, s.Host)
		}
		options = append(options, gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			return dial(ctx, network, address)
		}))
	}
	switch s.Security {
	case rapport.MailStartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case rapport.MailTLS:
		options = append(options, gomail.WithSSL())
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.User != "" {
		how := gomail.SMTPAuthAutoDiscover
		if s.Security == rapport.MailPlain {
			how = gomail.SMTPAuthPlainNoEnc
		}
		options = append(options, gomail.WithSMTPAuth(how), gomail.WithUsername(s.User), gomail.WithPassword(password.Reveal()))
	}
	return gomail.NewClient(s.Host, options...)
}

// overTLS begins with the handshake, as mail servers expect it at port 465.
func overTLS(dial func(context.Context, string, string) (net.Conn, error), host string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		secure := tls.Client(conn, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, err
		}
		return secure, nil
	}
}

func message(s rapport.MailSettings, m *rapport.Mail) (*gomail.Msg, error) {
	msg := gomail.NewMsg()
	if err := msg.From(s.From); err != nil {
		return nil, err
	}
	if err := msg.To(m.To); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(s.From, "@")
	msg.SetMessageIDWithValue(string(m.ID) + "@" + domain) // the same each time: mailboxes know a repeat
	msg.SetDate()
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // nobody's absence is to answer
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if f := m.File; f != nil {
		if err := msg.AttachReader(f.Name, bytes.NewReader(f.Data), gomail.WithFileContentType(gomail.ContentType(f.Type))); err != nil {
			return nil, err
		}
	}
	return msg, nil
}

// explain says what went wrong to the admin who tests the settings.
func explain(err error) string {
	var dns *net.DNSError
	text := err.Error()
	switch {
	case errors.Is(err, ssrf.ErrRefused):
		return "The mail server is not on the public internet; the operator can allow its address with --allow-destination."
	case errors.As(err, &dns):
		return "There is no server of this name."
	case errors.Is(err, context.DeadlineExceeded) || strings.Contains(text, "timeout"):
		return "The mail server did not answer in time. Is the port right, and open in the firewall?"
	case strings.Contains(text, "refused"):
		return "The mail server refuses connections at this port."
	case strings.Contains(strings.ToLower(text), "starttls"):
		return "The mail server offers no STARTTLS at this port; try TLS with port 465."
	case strings.Contains(text, "certificate") || strings.Contains(text, "tls:"):
		return "The connection could not be encrypted: " + last(text)
	case strings.Contains(strings.ToLower(text), "auth") || strings.Contains(text, "535"):
		return "The mail server does not accept the name and the password: " + last(text)
	}
	return "The mail server refused: " + last(text)
}

// last is the end of a chain of errors, which says most.
func last(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 300 {
		text = "…" + strings.ToValidUTF8(text[len(text)-300:], "")
	}
	return text
}
