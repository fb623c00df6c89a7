"""What people do one after the other, and whether they come back: funnels, retention, churn, sessions, paths."""
