/** The page itself broke. Says so, and offers the one thing that helps. */
export function Failure() {
  return (
    <div className="app">
      <main className="page" id="content">
        <section className="window" role="alert">
          <div className="head">
            <h2>This page stumbled</h2>
          </div>
          <div className="prose">
            <p>That is our mistake, not yours. The station plays on.</p>
            <p>
              <button type="button" className="gel" onClick={() => window.location.reload()}>
                Load it again
              </button>
            </p>
          </div>
        </section>
      </main>
    </div>
  );
}
