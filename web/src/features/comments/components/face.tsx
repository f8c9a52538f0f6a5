import { faceOf } from '../lib/face';

/** The creature that goes with a name. */
export function Face({ name }: { name: string }) {
  const { ground, figure, path } = faceOf(name);
  return (
    <svg className="face" viewBox="0 0 8 8" aria-hidden="true">
      <rect width="8" height="8" fill={ground} />
      <path d={path} fill={figure} />
      <path d="M2 3h1v1h-1zM5 3h1v1h-1z" fill="#fff" />
    </svg>
  );
}
