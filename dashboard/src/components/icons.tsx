const paths = {
  overview: "M3 20h18M6 16v-5M11 16V5M16 16v-8M21 16v-3",
  live: "M2 12h4l3-8 5 16 3-8h5",
  inbox: "M12 3.5v9.5m-4-4 4 4 4-4M3.5 13.5H8l1.5 3h5l1.5-3h4.5V20h-17z",
  key: "M14.5 9.5 21 3m-3 3 3 3m-4.5-1.5 2 2M11.6 12.4a4.6 4.6 0 1 1-6.5 6.5 4.6 4.6 0 0 1 6.5-6.5",
  settings: "M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5",
  plus: "M12 5v14M5 12h14",
  check: "m5 12.5 4.5 4.5L19 7.5",
  copy: "M9 9h10v11H9zM5 15V4h10",
  close: "M6 6l12 12M18 6 6 18",
  chevron: "m7 10 5 5 5-5",
  updown: "m8 9 4-4 4 4M8 15l4 4 4-4",
  right: "m10 7 5 5-5 5",
  pause: "M9 5v14M15 5v14",
  play: "M8 5.5v13l10.5-6.5z",
  search: "m20 20-4.2-4.2M17.5 11a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0",
  sun: "M12 7.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M12 2.5v1.6M12 19.9v1.6M2.5 12h1.6M19.9 12h1.6M5.3 5.3l1.1 1.1M17.6 17.6l1.1 1.1M5.3 18.7l1.1-1.1M17.6 6.4l1.1-1.1",
  moon: "M20 13.6A8.2 8.2 0 0 1 10.4 4a8.2 8.2 0 1 0 9.6 9.6z",
  system: "M3.5 5h17v11h-17zM9 20h6M12 16v4",
  user: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8M4.5 20.5c.8-3.4 3.8-5.5 7.5-5.5s6.7 2.1 7.5 5.5",
  out: "M14 4H5v16h9M10 12h10.5m-3.5-3.5 3.5 3.5-3.5 3.5",
  calendar: "M4 6h16v14H4zM4 10.5h16M8.5 3.5V7M15.5 3.5V7",
  warning: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6",
  edit: "m4 20 1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5",
  clear: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, className = "size-4" }: { name: IconName; className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={`shrink-0 ${className}`} aria-hidden="true">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
