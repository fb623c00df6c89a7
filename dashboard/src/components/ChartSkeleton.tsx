const bars = [38, 52, 44, 61, 70, 58, 66, 80, 62, 49, 57, 72, 88, 76, 64, 70, 54, 60];

export function ChartSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the chart"
      className="flex size-full items-end gap-2 px-4 pt-4 pb-6"
    >
      {bars.map((height, index) => (
        <div
          key={index}
          className="skeleton flex-1 rounded-b-none opacity-60"
          style={{ height: `${height}%` }}
        />
      ))}
    </div>
  );
}
