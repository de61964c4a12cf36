import { render } from 'preact';
import { Top } from '../parts/top.tsx';

document.querySelector('noscript')?.remove();
render(
  <main id="main">
    <Top title="Sandbox">The sandbox</Top>
  </main>,
  document.body,
);
