/** The page of the console. */
import { render } from 'preact';
// First, so that the styles of parts and views may change what it sets.
import './style.css';
import { App } from './app';

const root = document.getElementById('app');
if (root) render(<App />, root);
