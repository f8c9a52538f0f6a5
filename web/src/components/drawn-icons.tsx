import type { SVGProps } from 'react';

/*
 * What pixelarticons lacks, drawn on its grid: every stroke is two units wide, so that at 24 px a stroke is 2 px.
 */
type IconProps = SVGProps<SVGSVGElement>;

export const HeartFull = (props: IconProps) => (
  <svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" {...props}>
    <path d="M5 2h4v2h-4zM15 2h4v2h-4zM3 4h8v2h-8zM13 4h8v2h-8zM1 6h22v2h-22zM1 8h22v2h-22zM1 10h22v2h-22zM3 12h18v2h-18zM5 14h14v2h-14zM7 16h10v2h-10zM9 18h6v2h-6zM11 20h2v2h-2z" />
  </svg>
);

export const HeartLine = (props: IconProps) => (
  <svg viewBox="0 0 22 20" width="22" height="20" fill="currentColor" {...props}>
    <path d="M4 0h4v2h-4zM14 0h4v2h-4zM2 2h2v2h-2zM8 2h2v2h-2zM12 2h2v2h-2zM18 2h2v2h-2zM0 4h2v2h-2zM10 4h2v2h-2zM20 4h2v2h-2zM0 6h2v2h-2zM20 6h2v2h-2zM0 8h2v2h-2zM20 8h2v2h-2zM2 10h2v2h-2zM18 10h2v2h-2zM4 12h2v2h-2zM16 12h2v2h-2zM6 14h2v2h-2zM14 14h2v2h-2zM8 16h2v2h-2zM12 16h2v2h-2zM10 18h2v2h-2z" />
  </svg>
);

export const Skip = (props: IconProps) => (
  <svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" {...props}>
    <path d="M0 4h2v2h-2zM10 4h2v2h-2zM20 4h4v2h-4zM0 6h4v2h-4zM10 6h4v2h-4zM20 6h4v2h-4zM0 8h6v2h-6zM10 8h6v2h-6zM20 8h4v2h-4zM0 10h8v2h-8zM10 10h8v2h-8zM20 10h4v2h-4zM0 12h8v2h-8zM10 12h8v2h-8zM20 12h4v2h-4zM0 14h6v2h-6zM10 14h6v2h-6zM20 14h4v2h-4zM0 16h4v2h-4zM10 16h4v2h-4zM20 16h4v2h-4zM0 18h2v2h-2zM10 18h2v2h-2zM20 18h4v2h-4z" />
  </svg>
);

export const Play = (props: IconProps) => (
  <svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" {...props}>
    <path d="M3 2h4v2h-4zM3 4h8v2h-8zM3 6h12v2h-12zM3 8h16v2h-16zM3 10h20v2h-20zM3 12h20v2h-20zM3 14h16v2h-16zM3 16h12v2h-12zM3 18h8v2h-8zM3 20h4v2h-4z" />
  </svg>
);

export const Spark = (props: IconProps) => (
  <svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" {...props}>
    <path d="M11 1h2v2h-2zM11 3h2v2h-2zM9 5h6v2h-6zM9 7h6v2h-6zM5 9h14v2h-14zM1 11h22v2h-22zM5 13h14v2h-14zM9 15h6v2h-6zM9 17h6v2h-6zM11 19h2v2h-2zM11 21h2v2h-2z" />
  </svg>
);

export const HeartBig = (props: IconProps) => (
  <svg viewBox="0 0 22 20" width="22" height="20" fill="currentColor" {...props}>
    <path d="M4 0h4v2h-4zM14 0h4v2h-4zM2 2h8v2h-8zM12 2h8v2h-8zM0 4h4v2h-4zM6 4h16v2h-16zM0 6h2v2h-2zM4 6h16v2h-16zM0 8h2v2h-2zM4 8h16v2h-16zM2 10h16v2h-16zM4 12h12v2h-12zM6 14h8v2h-8zM8 16h4v2h-4z" />
    <path d="M4 4h2v2h-2zM2 6h2v2h-2zM2 8h2v2h-2z" fill="var(--heart-hi,#fff)" />
    <path
      d="M20 6h2v2h-2zM20 8h2v2h-2zM18 10h2v2h-2zM16 12h2v2h-2zM14 14h2v2h-2zM12 16h2v2h-2zM10 18h2v2h-2z"
      fill="var(--heart-lo,#ffb3d6)"
    />
  </svg>
);
