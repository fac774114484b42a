"""What ``jpki doctor`` looks at, and how it shows what it found."""
