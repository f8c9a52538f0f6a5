import { createBrowserRouter } from 'react-router';
import { Failure } from './routes/failure';
import { RadioRoute } from './routes/radio';
import { Shell } from './shell/shell';

export const makeRouter = () =>
  createBrowserRouter([
    {
      element: <Shell />,
      errorElement: <Failure />,
      children: [{ path: '/', element: <RadioRoute /> }],
    },
  ]);
