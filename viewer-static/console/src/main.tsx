import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startSession } from './api/session';
import { App } from './app/App';
import './app/styles.css';

const root = document.getElementById('root');
if (!root) throw new Error('page without #root');
void startSession();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
