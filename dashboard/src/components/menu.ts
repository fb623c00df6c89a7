/** The look that all pop-up menus share. */
export const menuPanel =
  "z-40 min-w-56 animate-appear rounded-xl border border-line bg-surface p-1.5 shadow-lifted outline-none";
export const menuItem =
  "flex h-9 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 outline-none select-none data-highlighted:bg-line/60";

/** Dialogs: the veil behind them, and the panel in the middle of the screen. */
export const backdrop = "fixed inset-0 z-40 animate-appear bg-black/35 backdrop-blur-[1px]";
export const dialogPanel =
  "fixed top-1/2 left-1/2 z-50 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-2xl border border-line bg-surface p-6 shadow-lifted outline-none max-h-[calc(100dvh-2rem)]";
