package api

import "net/http"

// Route is an entry of the route list, for the test of the rules.
type Route struct{ Who, Method, Path string }

// Routes returns the route list.
func Routes() (list []Route) {
	s := &server{}
	s.numbers = newNumbers(s)
	for _, r := range s.routes() {
		list = append(list, Route{string(r.who), r.op.Method, r.op.Path})
	}
	return list
}

// RegisterUndeclared registers a route that the list of rules does not know.
func RegisterUndeclared() {
	g := &gate{ServeMux: http.NewServeMux(), server: &server{}, rules: map[string]rule{}}
	g.HandleFunc("GET /secret", func(http.ResponseWriter, *http.Request) {})
}

var (
	ParsePlace = parsePlace
	ReadCSV    = readCSV
)

// Place is a cursor.
type Place = place
