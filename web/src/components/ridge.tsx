/** The grip of a title bar: three lines that say nothing and hold everything. */
export const Ridge = () => <i className="ridge" aria-hidden="true" />;
