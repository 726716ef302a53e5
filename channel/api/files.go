package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/lib/problem"
	"rapport/lib/ssrf"
)

// given is a file of a customer's message: uploaded before, or to be fetched.
type given struct {
	ID   rapport.FileID `json:"id"`
	URL  string         `json:"url"`
	Name string         `json:"name"`
}

const (
	urlsLive    = 7 * 24 * time.Hour // of replies' files
	fetchWithin = 30 * time.Second   // for all files of a message
	mostFetched = 100 << 20
)

// uploads owns what was uploaded to the inbox and belongs to nobody's message yet.
func (a *adapter) uploads() rapport.Point {
	return rapport.Point{Kind: rapport.PointExternal, Address: string(a.setup.Inbox.ID) + ":"}
}

func checkGiven(files []given, most int) error {
	if len(files) > most {
		return rapport.Invalidf("files", "A message has at most %d files; these are %d.", most, len(files))
	}
	for _, f := range files {
		u, err := url.Parse(f.URL)
		if (f.ID == "") == (f.URL == "") || f.ID != "" && !rapport.ValidID(string(f.ID)) ||
			f.URL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(f.URL) > 4096) {
			return rapport.Invalidf("files", "Each file has either the id that POST files gave, or the http address to fetch it from.")
		}
	}
	return nil
}

// name is what a file to be fetched is called.
func (f given) name() string {
	u, err := url.Parse(f.URL)
	if f.Name != "" || err != nil {
		return f.Name
	}
	return path.Base(u.Path)
}

// areFiles tells whether the files of a repeated message are those that were
// taken in. One that was uploaded again is known by name and size, and one at an
// address by its name: it is not fetched again, and may not be there any more.
func (a *adapter) areFiles(ctx context.Context, files []given, kept []rapport.File) (bool, error) {
	if len(files) != len(kept) {
		return false, nil
	}
	for i, f := range files {
		switch {
		case f.ID == kept[i].ID:
		case f.URL != "":
			if name, _ := channel.FileName(f.name()); name != kept[i].Name { // one without a name was never taken in
				return false, nil
			}
		default:
			u, err := a.setup.Files.Upload(ctx, a.uploads(), f.ID)
			if err != nil && rapport.KindOf(err) != rapport.NotFound {
				return false, err
			}
			if err != nil || u.File == nil || u.File.Name != kept[i].Name || u.File.Size != kept[i].Size {
				return false, nil
			}
		}
	}
	return true, nil
}

// fetch brings files by address in, through the guard of outgoing requests.
func (a *adapter) fetch(ctx context.Context, files []given) (ids []rapport.FileID, err error) {
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	for _, f := range files {
		id := f.ID
		if f.URL != "" {
			if id, err = a.fetchOne(ctx, f); err != nil {
				return nil, err
			}
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (a *adapter) fetchOne(ctx context.Context, f given) (rapport.FileID, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL, nil)
	if err != nil {
		return "", rapport.Invalidf("files", "The address of a file cannot be used.")
	}
	r.Header.Set("User-Agent", "Rapport")
	answer, err := a.setup.Fetch.Do(r)
	if errors.Is(err, ssrf.ErrRefused) {
		return "", rapport.Invalidf("files", "A file's address is not on the public internet; upload the file with POST files, or let the operator allow the address.")
	}
	if err != nil {
		return "", rapport.Errorf(rapport.Unavailable, "file_unreachable", "A file could not be fetched from its address; send the message again later.")
	}
	defer answer.Body.Close()
	switch code := answer.StatusCode; {
	case code == http.StatusOK:
	case code >= 500 || code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code == http.StatusTooEarly:
		return "", rapport.Errorf(rapport.Unavailable, "file_unreachable", "The address of a file answers HTTP %d; send the message again later.", code)
	default:
		return "", rapport.Invalidf("files", "The address of a file answers HTTP %d.", answer.StatusCode)
	}
	if answer.ContentLength > mostFetched {
		return "", rapport.Invalidf("files", "A file has %d MB; that is too large.", answer.ContentLength>>20)
	}
	taken, err := a.setup.Files.Take(ctx, a.uploads(), f.name(), io.LimitReader(answer.Body, mostFetched+1))
	if known := (*rapport.Error)(nil); err != nil && !errors.As(err, &known) { // the address broke off
		err = rapport.Errorf(rapport.Unavailable, "file_unreachable", "A file could not be fetched whole from its address; send the message again later.")
	}
	return taken.ID, err
}

// file takes a file in: POST files?name=photo.jpg with its bytes.
func (a *adapter) file(w http.ResponseWriter, r *http.Request) {
	body := http.MaxBytesReader(w, r.Body, mostFetched+1)
	taken, err := a.setup.Files.Take(r.Context(), a.uploads(), r.URL.Query().Get("name"), body)
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		err = rapport.Invalidf("files", "The file is longer than %d MB.", mostFetched>>20)
	}
	if err != nil {
		a.fail(w, "take in a file", err)
		return
	}
	answer, err := json.Marshal(taken)
	if err != nil {
		problem.Write(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	w.Write(answer)
}

// replyFile is a file of a reply: its address works for a week.
type replyFile struct {
	rapport.File
	URL string `json:"url"`
}

func (a *adapter) replyFiles(files []rapport.File) (list []replyFile) {
	for _, f := range files {
		list = append(list, replyFile{f, a.setup.Files.URL(f, urlsLive, false)})
	}
	return list
}
