package push

// Busy tells whether a desk still has frames to write.
func (h *Hub) Busy() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for d := range h.desks {
		d.mu.Lock()
		writing := d.writing
		d.mu.Unlock()
		if writing {
			return true
		}
	}
	return false
}
