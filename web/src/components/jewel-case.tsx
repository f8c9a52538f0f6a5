import { Art } from './art';

interface JewelCaseProps {
  art: string;
  alt?: string;
  /** The side of its cover, where that is small. */
  sidePx?: number;
  /** The disc turns while it plays. */
  turns?: boolean;
}

/** A cover behind clear plastic, with the disc looking out. */
export const JewelCase = ({ art, alt = '', sidePx, turns = false }: JewelCaseProps) => (
  <div className="case">
    <span className="disc" aria-hidden="true" data-turns={turns}>
      <i />
    </span>
    <span className="case-front">
      <Art src={art} alt={alt} eager {...(sidePx !== undefined && { sidePx })} />
    </span>
  </div>
);
