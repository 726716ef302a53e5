// Package problem writes errors as RFC 9457 problem documents. It is the one
// place where a kind of error becomes an HTTP status.
package problem

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"

	"rapport"
	"rapport/lib/saying"
)

// Status is the HTTP status of a kind of error.
func Status(kind rapport.ErrorKind) int {
	switch kind {
	case rapport.Invalid:
		return http.StatusBadRequest
	case rapport.Unauthenticated:
		return http.StatusUnauthorized
	case rapport.Forbidden:
		return http.StatusForbidden
	case rapport.NotFound:
		return http.StatusNotFound
	case rapport.Conflict:
		return http.StatusConflict
	case rapport.TooMany:
		return http.StatusTooManyRequests
	case rapport.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Write answers a request with an error, in the language that the header
// Content-Language of the answer names. The cause stays inside: what is not
// a *rapport.Error is shown as an internal error without a word about it.
func Write(w http.ResponseWriter, err error) {
	known, ok := errors.AsType[*rapport.Error](err)
	if !ok {
		known = rapport.Errorf(rapport.Internal, "internal", "Something went wrong on our side; it has been logged.")
	}
	write(w, Status(known.Kind), known)
}

// Unrouted answers what no route of a mux takes; it belongs under a pattern
// without a method, such as "/". A path that other methods have is 405 with
// these in Allow, as the mux would say in plain text; else it is 404.
func Unrouted(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var takes []string
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			other := *r
			other.Method = method
			if _, pattern := mux.Handler(&other); pattern != r.Pattern {
				takes = append(takes, method)
			}
		}
		if len(takes) == 0 {
			Write(w, rapport.Errorf(rapport.NotFound, "no_route", "There is nothing at this address."))
			return
		}
		allow := strings.Join(takes, ", ")
		w.Header().Set("Allow", allow)
		write(w, http.StatusMethodNotAllowed, rapport.Errorf(rapport.Invalid, "method_not_allowed", "The method %.20s does not work at this address; use %s.", r.Method, allow))
	}
}

func write(w http.ResponseWriter, status int, known *rapport.Error) {
	document := map[string]any{}
	maps.Copy(document, known.Detail)
	document["title"] = http.StatusText(status)
	document["status"] = status
	document["detail"] = saying.In(w.Header().Get("Content-Language"), known.Message)
	document["code"] = known.Code
	if known.Field != "" {
		document["field"] = known.Field
	}
	body, err := json.Marshal(document)
	if err != nil { // a member of Detail that JSON cannot express
		body, status = []byte(`{"title":"Internal Server Error","status":500,"code":"internal"}`), http.StatusInternalServerError
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(body)
}
