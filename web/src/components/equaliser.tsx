import { vars } from '@/lib/css-vars';

const REST = [3, 5, 2, 4, 1];

/** Five bars that step while something plays. */
export const Equaliser = ({ still = false }: { still?: boolean }) => (
  <span className="eq" aria-hidden="true" data-still={still}>
    {REST.map((n) => (
      <b key={n} style={vars({ '--n': n })} />
    ))}
  </span>
);
