package auth

import "context"

// Occupy takes one of the places among those who hash.
func (p *Passwords) Occupy(ctx context.Context) (leave func()) {
	leave, err := p.enter(ctx)
	if err != nil {
		panic(err)
	}
	return leave
}
