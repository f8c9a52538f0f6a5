import { Component, type ReactNode } from 'react';
import { CouldNotFetch } from '../routes/could-not-fetch';

interface PageBoundaryProps {
  /** Another page is another try. */
  path: string;
  title: string;
  children: ReactNode;
}

interface PageState {
  failed: boolean;
  path: string;
}

/**
 * Catches a page that breaks, or whose script cannot be had: without a line, or because a release has taken its place. The
 * rest stays as it is, and above all the radio plays on.
 */
export class PageBoundary extends Component<PageBoundaryProps, PageState> {
  override state: PageState = { failed: false, path: this.props.path };

  static getDerivedStateFromError(): Partial<PageState> {
    return { failed: true };
  }

  static getDerivedStateFromProps(
    { path }: PageBoundaryProps,
    before: PageState,
  ): PageState | null {
    return path === before.path ? null : { failed: false, path };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    // Not every browser asks again for a script that failed once; it does for the page as a whole.
    return <CouldNotFetch title={this.props.title} onTry={() => window.location.reload()} />;
  }
}
